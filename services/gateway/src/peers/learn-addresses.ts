import { plainHost, questions, request } from '@camelid/p2p'
import type { GatewayParts } from '../parts.ts'
import { isTellable, lastSeenMs } from './address-rules.ts'
import type { Peer } from './peer.ts'

const MAX_TAKEN = 100
const ANSWER_MS = 15_000
/** A peer is asked again after so long, then after twice that, and so on: a young network grows fast, an old one hardly changes. */
const FIRST_PAUSE_MS = 2_000
const LAST_PAUSE_MS = 600_000

/** Asks the peers that this node chose where others are: one that came to us could come to feed us. */
export class AddressLearner {
  readonly #parts: GatewayParts
  readonly #asked = new WeakMap<Peer, { nextMs: number; pauseMs: number }>()

  constructor(parts: GatewayParts) {
    this.#parts = parts
  }

  /** Asks whoever is due; never rejects. */
  async tick(): Promise<void> {
    const { peers, log, signal } = this.#parts
    const due = peers.list().filter((peer) => !peer.connection.inbound && peer.keepsChain && this.#isDue(peer))
    const answers = await Promise.allSettled(due.map((peer) => learnAddresses(this.#parts, peer)))
    for (const answer of answers)
      if (answer.status === 'rejected' && !signal.aborted) log.debug({ err: answer.reason }, 'a peer told no addresses')
  }

  #isDue(peer: Peer): boolean {
    const now = performance.now()
    const { nextMs, pauseMs } = this.#asked.get(peer) ?? { nextMs: now, pauseMs: FIRST_PAUSE_MS }
    if (now < nextMs) return false
    this.#asked.set(peer, { nextMs: now + pauseMs, pauseMs: Math.min(LAST_PAUSE_MS, pauseMs * 2) })
    return true
  }
}

/** Asks one peer where others are, and keeps what may be true: it is tried before it is told to anybody. */
async function learnAddresses(parts: GatewayParts, peer: Peer): Promise<void> {
  const { params, clock, book, signal } = parts
  const { peers } = await request(peer.connection, questions.peers, {}, { timeoutMs: ANSWER_MS, signal })
  const now = clock.nowMs()
  const taken = peers.slice(0, MAX_TAKEN).flatMap((told) => {
    const seen = lastSeenMs(told.lastSeen, now)
    if (seen === undefined || !isTellable(told, params.name)) return []
    return [{ host: plainHost(told.host), port: told.port, services: told.services, lastSeenMs: seen }]
  })
  await book.hear(taken, peer.connection.remote)
}
