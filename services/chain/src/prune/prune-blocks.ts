import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { ChainError } from '../chain-error.ts'
import { flushCoins } from '../coins/flush-coins.ts'
import { deleteBodies, findFlushedHeight, findPrunedHeight, setPrunedHeight } from '../store/pruned.ts'
import { minimumKept } from './minimum-kept.ts'

export interface Pruned {
  /** Blocks up to this height are gone; -1: none. */
  readonly height: number
  /** How many were dropped now, side branches included. */
  readonly dropped: number
}

/**
 * One transaction: drops blocks and undo data of all but the newest `keep` blocks, for good; headers, coins and indexes stay. Coins that are
 * only in memory go to their table first: a crash makes them again from the blocks.
 * @throws ChainError KEEP_TOO_FEW
 */
export async function pruneBlocks(state: ChainState, keep: number): Promise<Pruned> {
  const least = minimumKept(state.params)
  if (keep < least)
    throw new ChainError(
      'KEEP_TOO_FEW',
      `${keep} blocks are too few to keep: reorganisations and verdicts need ${least} on ${state.params.name}`,
      { keep, least },
    )
  return await write(state, async () => {
    await flushCoins(state)
    return await state.sql.begin(async (sql) => {
      const before = await findPrunedHeight(sql)
      const height = Math.min(state.tip.node.height - keep, await findFlushedHeight(sql))
      if (height <= Math.max(before, 0)) return { height: before, dropped: 0 }
      await setPrunedHeight(sql, height)
      return { height, dropped: await deleteBodies(sql, height) }
    })
  })
}
