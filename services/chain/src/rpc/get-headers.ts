import type { GetHeadersRequest } from '@camelid/proto/chain/v1/chain_pb'
import { MAX_HEADERS } from '../chain/accept-headers.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { listBestHeaders } from '../store/headers.ts'
import { findFork } from '../store/tip.ts'
import { parseHash } from './parse.ts'

const MAX_LOCATOR = 101

/** Headers after the first locator hash on the best chain, from block 1 where none is. @throws ChainError BAD_REQUEST */
export async function getHeaders({ sql }: ChainState, { locator, limit }: GetHeadersRequest) {
  if (locator.length > MAX_LOCATOR) throw new ChainError('BAD_REQUEST', `a locator has at most ${MAX_LOCATOR} hashes`)
  const hashes = locator.map((hash) => parseHash(hash, 'locator'))
  const fork = (await findFork(sql, hashes)) ?? 0
  const count = limit === 0 ? MAX_HEADERS : Math.min(limit, MAX_HEADERS)
  return { firstHeight: fork + 1, headers: await listBestHeaders(sql, fork + 1, count) }
}
