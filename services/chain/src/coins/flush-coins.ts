import { equalBytes } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { holdTip } from '../store/utxo-state.ts'

/**
 * One transaction: brings the table `utxos` up to the tip. Runs in the writer. Whoever reads the table as a whole does this first.
 * @throws ChainError TIP_MOVED
 */
export async function flushCoins({ sql, coins, tip }: Pick<ChainState, 'sql' | 'coins' | 'tip'>): Promise<void> {
  const { node, version } = tip
  if (equalBytes(coins.flushed.hash, node.hash)) return
  const session = coins.begin()
  await sql.begin(async (transaction) => {
    await Promise.all([holdTip(transaction, { hash: node.hash, version }), session.flush(transaction, node)])
  })
  session.commit()
}
