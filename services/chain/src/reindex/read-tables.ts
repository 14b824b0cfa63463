import type { ChainState } from '../chain/chain-state.ts'
import { loadBestHeader, loadTip } from '../chain/open-chain.ts'
import { rollForward } from '../coins/roll-forward.ts'

/** Forgets what is in memory and reads tip, headers and coins anew; the mempool waits in its table. Runs in the writer. */
export async function readTables(state: ChainState): Promise<void> {
  const tip = await loadTip(state.sql)
  state.headers.clear()
  state.mempool.clear()
  await rollForward(state.sql, state.coins, tip)
  state.tip = tip
  await state.path.follow(await loadBestHeader(state.sql, tip))
}
