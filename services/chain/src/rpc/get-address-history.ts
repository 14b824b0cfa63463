import type { GetAddressHistoryRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { listHistory } from '../store/history.ts'
import { parseH2 } from './parse.ts'

const MAX_ENTRIES = 1_000
/** PostgreSQL's integer: no block stands higher. */
const MAX_PLACE = 0x7fffffff

/** A page of what the best chain did to an address, the newest first. @throws ChainError BAD_REQUEST */
export async function getAddressHistory(state: ChainState, { h2, limit, before }: GetAddressHistoryRequest) {
  const { node } = state.tip
  if (before !== undefined && (before.height > MAX_PLACE || before.position > MAX_PLACE))
    throw new ChainError('BAD_REQUEST', 'before is no place in a chain: take it from the last entry of a page')
  const most = limit === 0 ? MAX_ENTRIES : Math.min(limit, MAX_ENTRIES)
  const found = await listHistory(state.sql, { h2: parseH2(h2, 'h2'), before, limit: most + 1 })
  const entries = found.slice(0, most).map(({ txid, height, position, received, sent }) => ({
    txid,
    height,
    position,
    received,
    sent,
  }))
  return { entries, more: found.length > most, tipHeight: node.height, tipHash: node.hash }
}
