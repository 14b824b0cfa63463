import type { PeerOptions } from '@camelid/p2p'
import { sleep } from '@camelid/runtime'
import type { GatewayParts } from '../parts.ts'
import type { Target } from '../store/addresses.ts'
import { reach } from './reach.ts'

const LOOK_MS = 500
/** An address of the book is looked after so often. */
const FEEL_MS = 120_000
const AT_ONCE = 4
const HANDSHAKE_MS = 5_000

/**
 * Looks, by short handshakes, whether nodes listen where others say, so that only what was reached is told on: at the ports that
 * peers who came to us say they listen on, and now and then at an address of the book. Runs until the gateway stops; never rejects.
 */
export async function runFeelers(parts: GatewayParts, options: PeerOptions): Promise<void> {
  const { signal, book, peers, log } = parts
  const patience: PeerOptions = { ...options, limits: { ...options.limits, handshakeMs: HANDSHAKE_MS } }
  const running = new Set<Promise<void>>()
  let feltMs = performance.now()
  const feel = async (target: Target): Promise<void> => {
    try {
      await reach(parts, patience, target, { feel: true })
    } catch (error) {
      log.debug({ host: target.host, port: target.port, reason: String(error) }, 'a feeler reached nobody')
    }
  }
  const next = async (): Promise<Target | undefined> => {
    const claim = book.nextClaim()
    if (claim !== undefined || performance.now() - feltMs < FEEL_MS) return claim
    feltMs = performance.now()
    return await book.toFeel(peers.list().map(({ connection }) => connection.peerH2))
  }
  while (!signal.aborted) {
    try {
      const target = running.size < AT_ONCE ? await next() : undefined
      if (target !== undefined) {
        const work = feel(target)
        running.add(work)
        void work.finally(() => running.delete(work))
        continue
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, 'the address book cannot be read')
    }
    await sleep(LOOK_MS, signal).catch(() => undefined)
  }
  await Promise.all(running)
}
