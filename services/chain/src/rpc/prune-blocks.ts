import type { PruneBlocksRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { pruneBlocks } from '../prune/prune-blocks.ts'

/** @throws ChainError KEEP_TOO_FEW, UNAVAILABLE */
export async function prune(state: ChainState, { keep }: PruneBlocksRequest) {
  const pruned = await pruneBlocks(state, keep)
  state.log.info(pruned, 'dropped old blocks')
  return pruned
}
