import { displayHash } from '@camelid/codec'
import type { AnySql } from '@camelid/store'
import { ChainError } from '../chain-error.ts'
import { findHeader } from '../store/headers.ts'
import { findPrunedHeight } from '../store/pruned.ts'

/** What to say of a block whose bytes are not here: PRUNED where they were dropped on purpose, else BLOCK_NOT_FOUND. Two queries. */
export async function missingBlock(sql: AnySql, hash: Uint8Array): Promise<ChainError> {
  const [node, pruned] = await Promise.all([findHeader(sql, hash), findPrunedHeight(sql)])
  if (node === undefined || !node.hasBlock || node.height === 0 || node.height > pruned)
    return new ChainError('BLOCK_NOT_FOUND', `block ${displayHash(hash)} is not here`)
  return prunedError(`block ${displayHash(hash)} at height ${node.height}`, pruned)
}

export function prunedError(what: string, pruned: number): ChainError {
  return new ChainError(
    'PRUNED',
    `${what} is needed, and this node dropped its blocks up to height ${pruned}: ask a node that keeps all blocks, or begin with an empty database and sync anew`,
    { pruned },
  )
}
