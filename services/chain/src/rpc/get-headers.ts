import type { GetHeadersRequest } from '@camelid/proto/chain/v1/chain_pb'
import { MAX_HEADERS } from '../chain/accept-headers.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { listBestHeaders } from '../store/headers.ts'
import { findFork } from '../store/tip.ts'
import { parseHash } from './parse.ts'

const MAX_LOCATOR = 101

/** Headers from a height on, or after the first locator hash on the best chain, from block 1 where none is. @throws ChainError BAD_REQUEST */
export async function getHeaders({ sql, tip }: ChainState, { locator, limit, fromHeight }: GetHeadersRequest) {
  if (locator.length > MAX_LOCATOR) throw new ChainError('BAD_REQUEST', `a locator has at most ${MAX_LOCATOR} hashes`)
  const hashes = locator.map((hash) => parseHash(hash, 'locator'))
  const first = fromHeight ?? ((await findFork(sql, hashes)) ?? 0) + 1
  const count = limit === 0 ? MAX_HEADERS : Math.min(limit, MAX_HEADERS)
  // Heights above the tip need not fit into a column.
  return { firstHeight: first, headers: first > tip.node.height ? [] : await listBestHeaders(sql, first, count) }
}
