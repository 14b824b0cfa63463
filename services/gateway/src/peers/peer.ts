import { bytesToHex } from '@camelid/crypto'
import { type KnownType, offers, type PeerConnection, Services } from '@camelid/p2p'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { ForwardQuota } from '../relay/forward-quota.ts'
import { RollingSet } from '../rolling-set.ts'
import { Turnstile } from '../turnstile.ts'
import { Rates } from './rates.ts'

/** Questions of one peer before the owners at once. */
const MAX_ASKING = 2

/** Types that are of no use to a party that keeps no jobs. */
const FOR_JOB_KEEPERS: ReadonlySet<number> = new Set([MessageType.JOB, MessageType.PAYMENT, MessageType.ATTESTATION])

/** A connected peer and what this node remembers about the connection. */
export class Peer {
  readonly connection: PeerConnection
  readonly h2Hex: string
  /** Blocks that the peer told or asked of, or was sent, by hash in hex. */
  readonly known = new RollingSet<string>(2_000)
  /** Where its questions to the owners pass, see `ask`. */
  readonly asking = new Turnstile(MAX_ASKING)
  /** What is passed on for it to receivers that it names. */
  readonly forwarding: ForwardQuota
  /** Does it want new blocks announced by compact blocks, at once? */
  wantsCompact = false
  /** When it last brought something good that was new, Unix milliseconds; 0: never. */
  usefulMs = 0
  readonly #rates: Rates

  constructor(connection: PeerConnection, nowMs: number) {
    this.connection = connection
    this.h2Hex = bytesToHex(connection.peerH2)
    this.forwarding = new ForwardQuota(nowMs)
    this.#rates = new Rates(nowMs)
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
    return this.#rates.allow(type, nowMs)
  }
}
