import type { PeerConnection } from '@camelid/p2p'
import { sleep } from '@camelid/runtime'
import type { Logger } from 'pino'
import { isSelf } from './reach.ts'

const FIRST_PAUSE_MS = 500
const LAST_PAUSE_MS = 30_000
/** A connection that held so long starts the pauses anew. */
const STEADY_MS = 60_000

/**
 * Keeps a connection to one seed, with growing pauses between tries, until `signal` aborts; never rejects. A seed that
 * turns out to be this very node is left alone.
 */
export async function keepSeed(options: {
  seed: { host: string; port: number }
  /** Undefined where that node is connected already, under whatever address. */
  dial: (target: { host: string; port: number }) => Promise<PeerConnection | undefined>
  serve: (connection: PeerConnection) => Promise<void>
  /** Did the seed come to us itself? */
  isConnected: (target: { host: string; port: number }) => boolean
  signal: AbortSignal
  log: Logger
}): Promise<void> {
  const { seed, dial, serve, isConnected, signal, log } = options
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const connection = isConnected(seed) ? undefined : await dial(seed)
      if (connection === undefined) {
        await sleep(LAST_PAUSE_MS, signal)
        failures = 0
        continue
      }
      const since = performance.now()
      await serve(connection)
      if (performance.now() - since > STEADY_MS) failures = 0
    } catch (error) {
      if (signal.aborted) return
      if (isSelf(error)) {
        log.info(seed, 'a seed is this node itself: left alone')
        return
      }
      if (failures === 2 || failures % 20 === 19)
        log.warn({ ...seed, reason: String(error) }, 'no connection to a seed yet')
    }
    const pause = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10)) * (0.75 + Math.random() / 2)
    await sleep(pause, signal).catch(() => undefined)
  }
}
