import { equalBytes } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { flushCoins } from './flush-coins.ts'

/** How long changes of coins stay in memory alone. */
const INTERVAL_MS = 60_000

/** Flushes the coins every minute, so that a start after a crash has little to make again. @returns what ends it, with a last flush */
export function startFlushing(state: ChainState): () => Promise<void> {
  let running = false
  const flush = async () => {
    if (running || equalBytes(state.coins.flushed.hash, state.tip.node.hash)) return
    running = true
    try {
      await write(state, () => flushCoins(state))
    } catch (error) {
      // The next start makes again what is missing.
      state.log.warn({ err: error }, 'the coins stay in memory: the database did not take them')
    } finally {
      running = false
    }
  }
  const timer = setInterval(() => void flush(), INTERVAL_MS).unref()
  return async () => {
    clearInterval(timer)
    await flush()
  }
}
