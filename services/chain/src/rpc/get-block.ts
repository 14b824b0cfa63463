import { displayHash } from '@camelid/codec'
import type { GetBlockRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { missingBlock } from '../prune/missing-block.ts'
import { findBlock } from '../store/blocks.ts'
import { findBestHeader, findHeader } from '../store/headers.ts'
import { isOnBestChain } from '../store/tip.ts'
import { parseHash } from './parse.ts'

/** A block by hash, on whatever branch, or by height on the best chain. @throws ChainError BAD_REQUEST, BLOCK_NOT_FOUND, PRUNED */
export async function getBlock({ sql, candidates }: ChainState, { by }: GetBlockRequest) {
  if (by.case === undefined) throw new ChainError('BAD_REQUEST', 'name the block by hash or by height')
  const what = by.case === 'hash' ? displayHash(parseHash(by.value, 'hash')) : `at height ${by.value}`
  const candidate = by.case === 'hash' ? candidates.get(by.value) : undefined
  if (candidate !== undefined) return { block: candidate.loaded.raw, height: candidate.node.height, onBestChain: false }
  const node = by.case === 'hash' ? await findHeader(sql, by.value) : await findBestHeader(sql, by.value)
  const block = node === undefined ? undefined : await findBlock(sql, node.hash)
  if (node === undefined) throw new ChainError('BLOCK_NOT_FOUND', `block ${what} is not here`)
  if (block === undefined) throw await missingBlock(sql, node.hash)
  return { block, height: node.height, onBestChain: await isOnBestChain(sql, node.height, node.hash) }
}
