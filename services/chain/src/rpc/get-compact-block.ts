import type { GetCompactBlockRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { compactBlockOf } from '../compact/compact-block.ts'
import { recentBlock } from '../compact/recent-block.ts'
import { parseHash } from './parse.ts'

/** @throws ChainError BAD_REQUEST, BLOCK_NOT_FOUND, PRUNED */
export async function getCompactBlock(state: ChainState, request: GetCompactBlockRequest) {
  const hash = parseHash(request.hash, 'hash')
  return { block: compactBlockOf(await recentBlock(state, hash)) }
}
