import { decodeOutPoint } from '@camelid/codec'
import type { ListBondsRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { listBonds as findBonds } from '../store/bonds.ts'
import { parseBytes } from './parse.ts'

/** Unspent bonds, of one node or of all. @throws ChainError BAD_REQUEST */
export async function listBonds({ sql }: ChainState, request: ListBondsRequest) {
  const nodeKey = request.nodeKey.length === 0 ? undefined : parseBytes(request.nodeKey, 33, 'node_key')
  const bonds = await findBonds(sql, nodeKey)
  return { bonds: bonds.map((bond) => ({ ...bond, outpoint: decodeOutPoint(bond.outpoint) })) }
}
