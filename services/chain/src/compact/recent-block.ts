import { displayHash } from '@camelid/codec'
import type { LoadedBlock } from '../chain/block-cache.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'

/** Of an older block nobody has the transactions in the mempool any more. */
const MAX_DEPTH = 10

/** A block at the tip, a little below it, or about to become it. @throws ChainError BLOCK_NOT_FOUND, PRUNED */
export async function recentBlock(state: ChainState, hash: Uint8Array): Promise<LoadedBlock> {
  const candidate = state.candidates.get(hash)
  if (candidate !== undefined) return candidate.loaded
  const node = await state.headers.find(hash)
  if (node === undefined || node.height < state.tip.node.height - MAX_DEPTH)
    throw new ChainError('BLOCK_NOT_FOUND', `block ${displayHash(hash)} is not among the newest`)
  return await state.blocks.load(state.sql, hash)
}
