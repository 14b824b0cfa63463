import { bytesToHex } from '@camelid/crypto'
import type { ChainState } from '../../chain/chain-state.ts'
import { loadMoved, type MovedBlock } from '../../chain/moved-blocks.ts'

/** Has the estimates learn from these blocks, while the mempool still holds what is in them. */
export async function learnFees(state: ChainState, connected: readonly MovedBlock[]): Promise<void> {
  if (state.mempool.size === 0) return
  for (const moved of connected) {
    const { txids } = await loadMoved(state, moved)
    state.feeEstimates.learn(state.mempool, { height: moved.node.height, keys: txids.map(bytesToHex) })
  }
}
