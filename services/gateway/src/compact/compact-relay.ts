import { create, toBinary } from '@bufbuild/protobuf'
import { MessageType, SendCompactSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { Clock } from '@camelid/runtime'
import { LruMap } from '../lru-map.ts'
import type { Peer } from '../peers/peer.ts'
import { withBringer } from './eager-peers.ts'
import type { CompactBody } from './payload.ts'

/** Peers whose compact blocks of one hash are worked on: where the first does not send what is missing, another may. */
const MAX_ATTEMPTS = 3
/** Peers that announce by compact blocks: each costs us one a block. */
const MAX_EAGER = 3
/** Blocks that a peer may announce before we have looked at the first: on young networks they come in bursts. */
const MAX_AHEAD = 16
/** Compact blocks kept to be sent again. */
const MAX_KEPT = 8
/** Blocks that the chain took of late: what it said it lacks may be older than that. More than come in a burst from all who announce. */
const MAX_DONE = 256
const DONE_MS = 10_000

interface Attempt {
  readonly peers: Set<Peer>
  /** One of them is looked up in the mempool now: the next waits for nothing else. */
  looking: boolean
  readonly over: PromiseWithResolvers<void>
}

/** What is under way by compact blocks, and which peers were asked to announce by them. Keys are block hashes in hex. */
export class CompactRelay {
  readonly #clock: Clock
  readonly #attempts = new Map<string, Attempt>()
  readonly #doneUntil = new LruMap<string, number>(MAX_DONE)
  #eager: readonly Peer[] = []
  /** As our own chain made them. */
  readonly kept = new LruMap<string, CompactBody>(MAX_KEPT)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes up a block with a peer; false where that is needless now. */
  begin(key: string, peer: Peer): boolean {
    const attempt = this.#attempts.get(key) ?? { peers: new Set(), looking: false, over: Promise.withResolvers() }
    if (attempt.looking || attempt.peers.has(peer) || attempt.peers.size >= MAX_ATTEMPTS) return false
    attempt.peers.add(peer)
    this.#attempts.set(key, attempt)
    return true
  }

  looking(key: string, looking: boolean): void {
    const attempt = this.#attempts.get(key)
    if (attempt !== undefined) attempt.looking = looking
  }

  end(key: string, peer: Peer): void {
    const attempt = this.#attempts.get(key)
    attempt?.peers.delete(peer)
    if (attempt?.peers.size !== 0) return
    this.#attempts.delete(key)
    attempt.over.resolve()
  }

  /** Resolves when a block is worked on no more; undefined where it is not. */
  over(key: string): Promise<void> | undefined {
    return this.#attempts.get(key)?.over.promise
  }

  /** The chain has the block. */
  done(key: string): void {
    this.#doneUntil.set(key, this.#clock.nowMs() + DONE_MS)
  }

  /** Is the block on its way, or here, so that nobody need be asked for all of it? */
  isBusy(key: string): boolean {
    return this.#attempts.has(key) || (this.#doneUntil.get(key) ?? 0) > this.#clock.nowMs()
  }

  /** A new peer: while there is room, those that we dialled announce by compact blocks at once. */
  greet(peer: Peer): void {
    if (peer.keepsChain && !peer.connection.inbound && this.#eager.length < MAX_EAGER)
      this.#choose([...this.#eager, peer])
  }

  /** A peer brought a good new block: who was first now will often be first. */
  brought(peer: Peer): void {
    if (peer.keepsChain) this.#choose(withBringer(this.#eager, peer, MAX_EAGER))
  }

  /** A peer is gone, or its compact blocks led nowhere. */
  forget(peer: Peer): void {
    this.#choose(this.#eager.filter((one) => one !== peer))
  }

  /** A compact block that nobody asked for came: the next may come too, if it was asked to announce by them. */
  renew(peer: Peer): void {
    if (this.#eager.includes(peer)) peer.connection.allowAnswers(MessageType.COMPACT_BLOCK, 1)
  }

  #choose(eager: readonly Peer[]): void {
    const before = this.#eager
    this.#eager = eager
    for (const peer of before) if (!eager.includes(peer)) sendCompact(peer, false)
    for (const peer of eager) if (!before.includes(peer)) sendCompact(peer, true)
  }
}

/** Asks a peer to announce new blocks by compact blocks, or by headers as all do. */
function sendCompact(peer: Peer, announce: boolean): void {
  if (announce) peer.connection.allowAnswers(MessageType.COMPACT_BLOCK, MAX_AHEAD)
  const payload = toBinary(SendCompactSchema, create(SendCompactSchema, { announce }))
  peer.connection.send({ type: MessageType.SEND_COMPACT, payload })
}
