import { bytesToHex } from '@camelid/crypto'
import type { GetProofRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { findPlace } from '../store/transactions.ts'
import { parseHash } from './parse.ts'
import { proveTransaction } from './prove-transaction.ts'

/** The proof that a transaction is in a block of the best chain, if it is. @throws ChainError BAD_REQUEST */
export async function getProof(state: ChainState, request: GetProofRequest) {
  const txid = parseHash(request.txid, 'txid')
  const place = await findPlace(state.sql, txid)
  const inMempool = state.mempool.get(bytesToHex(txid)) !== undefined
  const tipHeight = state.tip.node.height
  return place === undefined
    ? { inMempool, tipHeight }
    : { proof: await proveTransaction(state, place), inMempool: false, tipHeight }
}
