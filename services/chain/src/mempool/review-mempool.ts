import type { ChainState } from '../chain/chain-state.ts'
import { storeDrops } from './drop.ts'
import { judgeAgain } from './judge-again.ts'

/**
 * Judges all of the mempool from the ground up, after a block made of it broke the rules: one bad entry must not keep this node from mining.
 * Runs in the writer.
 */
export async function reviewMempool(state: ChainState): Promise<void> {
  const drops = await judgeAgain(state, [...state.mempool.values()], { scripts: true })
  await state.sql.begin((sql) => storeDrops(sql, drops, state.clock.nowMs()))
  state.wakeOutbox()
  state.bell.templateChanged()
  state.log.error(
    { dropped: drops.length, kept: state.mempool.size },
    'reviewed the mempool after a bad block of our own',
  )
}
