import { type KnownType, STATEMENT_TYPES } from '@camelid/p2p'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { TokenBucket } from '@camelid/runtime'

/** Messages a peer may send, a second in the long run and at once; the first line that names a type counts it. */
const RATES: readonly { types: ReadonlySet<number>; perSecond: number; burst: number }[] = [
  { types: new Set([MessageType.JOB]), perSecond: 20, burst: 100 },
  // Apart: progress comes by the hundred from a busy network and may be lost; payments and deliveries may not.
  { types: new Set([MessageType.PROGRESS]), perSecond: 300, burst: 1_000 },
  { types: STATEMENT_TYPES, perSecond: 500, burst: 2_000 },
  { types: new Set([MessageType.TRANSACTION]), perSecond: 500, burst: 5_000 },
  // They come only where they were asked for, and as fast as the chain takes them.
  { types: new Set([MessageType.BLOCK]), perSecond: 5_000, burst: 10_000 },
  // Announcements: a block each, a row of them from a peer that catches up. Answers to questions do not count here.
  { types: new Set([MessageType.HEADERS]), perSecond: 10, burst: 100 },
  // A few for each new block; the chain may have to read it for them.
  {
    types: new Set([MessageType.SEND_COMPACT, MessageType.GET_COMPACT_BLOCK, MessageType.GET_BLOCK_TRANSACTIONS]),
    perSecond: 10,
    burst: 100,
  },
  // Each is a run of a model.
  { types: new Set([MessageType.CHECK_REQUEST]), perSecond: 20, burst: 100 },
  // Up to a thousand transactions each, gathered for some time by whoever tells of them.
  { types: new Set([MessageType.INVENTORY]), perSecond: 50, burst: 500 },
  { types: new Set([MessageType.GET_PEERS, MessageType.PEERS]), perSecond: 0.1, burst: 5 },
  // Often only while a connection, or the job-pool behind it, is new.
  { types: new Set([MessageType.GET_OPEN_JOBS]), perSecond: 0.2, burst: 10 },
]
/** Questions, and whatever has no line of its own: so many of each type. */
const OTHER = { perSecond: 100, burst: 400 }

/** What one peer may still send, by type; the connection itself limits bytes and frames. Time is passed in, in milliseconds. */
export class Rates {
  readonly #buckets = new Map<number, TokenBucket>()

  constructor(nowMs: number) {
    for (const { types, perSecond, burst } of RATES) {
      const bucket = new TokenBucket({ perSecond, burst, nowMs })
      for (const type of types) if (!this.#buckets.has(type)) this.#buckets.set(type, bucket)
    }
  }

  /** Counts a message; false where it is over the rate of its type. */
  allow(type: KnownType, nowMs: number): boolean {
    let bucket = this.#buckets.get(type)
    if (bucket === undefined) {
      bucket = new TokenBucket({ ...OTHER, nowMs })
      this.#buckets.set(type, bucket)
    }
    return bucket.tryTake(1, nowMs)
  }
}
