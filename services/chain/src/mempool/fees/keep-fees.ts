import type { ChainState } from '../../chain/chain-state.ts'
import { findFeeMemory, saveFeeMemory } from '../../store/fee-memory.ts'

/** What is learned since is lost in a crash. */
const INTERVAL_MS = 60_000

/** One query: takes up what was learned before the restart; what cannot be read is learned anew. */
export async function recallFees({ sql, feeEstimates, log }: ChainState): Promise<void> {
  const learned = await findFeeMemory(sql)
  if (learned !== undefined && !feeEstimates.recall(learned))
    log.warn('what fees were learned before cannot be read by this release: it is learned anew')
}

/** Writes down every minute what was learned. @returns what ends it, with a last time */
export function startKeepingFees({ sql, feeEstimates, log }: ChainState): () => Promise<void> {
  let kept = feeEstimates.blocks
  const keep = async () => {
    const { blocks } = feeEstimates
    if (blocks === kept) return
    try {
      await saveFeeMemory(sql, feeEstimates.memory())
      kept = blocks
    } catch (error) {
      log.warn({ err: error }, 'the fees learned stay in memory: the database did not take them')
    }
  }
  const timer = setInterval(() => void keep(), INTERVAL_MS).unref()
  return async () => {
    clearInterval(timer)
    await keep()
  }
}
