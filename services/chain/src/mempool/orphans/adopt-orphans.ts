import { bytesToHex } from '@camelid/crypto'
import type { ChainState } from '../../chain/chain-state.ts'
import { loadMoved, type MovedBlock } from '../../chain/moved-blocks.ts'
import { type Incoming, takeIn } from '../accept-batch.ts'
import { type MempoolChange, storeChange } from '../mempool-change.ts'

/** Takes in the orphans whose parents came in these blocks. Runs in the writer, when the mempool is in line with the tip. */
export async function adoptOrphans(state: ChainState, connected: readonly MovedBlock[]): Promise<void> {
  if (state.orphanTransactions.size === 0) return
  const orphans: Incoming[] = []
  for (const moved of connected) {
    const { txids } = await loadMoved(state, moved)
    orphans.push(...txids.flatMap((txid) => state.orphanTransactions.takeChildren(bytesToHex(txid))))
  }
  const change: MempoolChange = { accepted: [], dropped: [] }
  await takeIn(state, orphans, change, () => undefined)
  await storeChange(state, change)
}
