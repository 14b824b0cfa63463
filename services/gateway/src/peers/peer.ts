import { bytesToHex } from '@camelid/crypto'
import { type KnownType, offers, type PeerConnection, Services, STATEMENT_TYPES, TokenBucket } from '@camelid/p2p'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { LruMap } from '../lru-map.ts'
import { Turnstile } from '../turnstile.ts'

/** Messages a peer may send, a second in the long run and at once; the connection itself limits bytes and frames. */
const RATES: readonly { types: ReadonlySet<number>; perSecond: number; burst: number }[] = [
  { types: new Set([MessageType.JOB]), perSecond: 20, burst: 100 },
  { types: STATEMENT_TYPES, perSecond: 500, burst: 2_000 },
  { types: new Set([MessageType.TRANSACTION, MessageType.BLOCK]), perSecond: 500, burst: 5_000 },
  // Announcements: a block each, a row of them from a peer that catches up. Answers to questions do not count here.
  { types: new Set([MessageType.HEADERS]), perSecond: 10, burst: 100 },
  { types: new Set([MessageType.GET_PEERS, MessageType.PEERS]), perSecond: 0.1, burst: 5 },
]
/** Questions, and whatever has no line of its own. */
const OTHER_RATE = { perSecond: 100, burst: 400 }

/** Questions of one peer before the owners at once. */
const MAX_ASKING = 2

/** Types that are of no use to a party that keeps no jobs. */
const FOR_JOB_KEEPERS: ReadonlySet<number> = new Set([MessageType.JOB, MessageType.PAYMENT, MessageType.ATTESTATION])

/** A connected peer and what this node remembers about the connection. */
export class Peer {
  readonly connection: PeerConnection
  readonly h2Hex: string
  /** Transactions and blocks that the peer is known to have, by hash in hex. */
  readonly known = new LruMap<string, true>(5_000)
  /** Where its questions to the owners pass, see `ask`. */
  readonly asking = new Turnstile(MAX_ASKING)
  readonly #buckets: { types: ReadonlySet<number> | undefined; bucket: TokenBucket }[]

  constructor(connection: PeerConnection, nowMs: number) {
    this.connection = connection
    this.h2Hex = bytesToHex(connection.peerH2)
    this.#buckets = [...RATES, { types: undefined, ...OTHER_RATE }].map(({ types, perSecond, burst }) => ({
      types,
      bucket: new TokenBucket({ perSecond, burst, nowMs }),
    }))
  }

  /** Does it keep the chain, so that it can be asked and wants to hear of transactions? */
  get keepsChain(): boolean {
    return offers(this.connection.hello.services, Services.CHAIN)
  }

  /** Is a flooded message of this type of any use to it? */
  wants(type: KnownType): boolean {
    return offers(this.connection.hello.services, Services.JOBS) || !FOR_JOB_KEEPERS.has(type)
  }

  /** Counts a message; false where it is over the rate of its type. */
  withinRate(type: KnownType, nowMs: number): boolean {
    const limit = this.#buckets.find(({ types }) => types === undefined || types.has(type))
    return limit === undefined || limit.bucket.tryTake(1, nowMs)
  }
}
