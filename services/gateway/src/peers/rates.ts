import { STATEMENT_TYPES, TokenBucket } from '@camelid/p2p'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'

/** Messages a peer may send, a second in the long run and at once; the first line that names a type counts it. */
const RATES: readonly { types: ReadonlySet<number>; perSecond: number; burst: number }[] = [
  { types: new Set([MessageType.JOB]), perSecond: 20, burst: 100 },
  // Apart: progress comes by the hundred from a busy network and may be lost; payments and deliveries may not.
  { types: new Set([MessageType.PROGRESS]), perSecond: 300, burst: 1_000 },
  { types: STATEMENT_TYPES, perSecond: 500, burst: 2_000 },
  { types: new Set([MessageType.TRANSACTION, MessageType.BLOCK]), perSecond: 500, burst: 5_000 },
  // Announcements: a block each, a row of them from a peer that catches up. Answers to questions do not count here.
  { types: new Set([MessageType.HEADERS]), perSecond: 10, burst: 100 },
  // Each is a run of a model.
  { types: new Set([MessageType.CHECK_REQUEST]), perSecond: 20, burst: 100 },
  { types: new Set([MessageType.GET_PEERS, MessageType.PEERS]), perSecond: 0.1, burst: 5 },
]
/** Questions, and whatever has no line of its own. */
const OTHER = { types: undefined, perSecond: 100, burst: 400 }

/** What one peer may still send, by type; the connection itself limits bytes and frames. Time is passed in, in milliseconds. */
export class Rates {
  readonly #buckets: { types: ReadonlySet<number> | undefined; bucket: TokenBucket }[]

  constructor(nowMs: number) {
    this.#buckets = [...RATES, OTHER].map(({ types, perSecond, burst }) => ({
      types,
      bucket: new TokenBucket({ perSecond, burst, nowMs }),
    }))
  }

  /** Counts a message; false where it is over the rate of its type. */
  allow(type: number, nowMs: number): boolean {
    const limit = this.#buckets.find(({ types }) => types === undefined || types.has(type))
    return limit === undefined || limit.bucket.tryTake(1, nowMs)
  }
}
