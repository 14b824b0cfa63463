import { displayHash } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import type { GetTransactionRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { findPlace } from '../store/transactions.ts'
import { parseHash } from './parse.ts'
import { proveTransaction } from './prove-transaction.ts'

/** A transaction of the best chain or, which alone is cheap, the mempool. @throws ChainError BAD_REQUEST, TRANSACTION_NOT_FOUND */
export async function getTransaction(state: ChainState, request: GetTransactionRequest) {
  const txid = parseHash(request.txid, 'txid')
  const place = request.mempoolOnly ? undefined : await findPlace(state.sql, txid)
  if (place !== undefined) {
    const { transaction, blockHash, height } = await proveTransaction(state, place)
    const confirmations = Math.max(0, state.tip.node.height - height + 1)
    return { transaction, inMempool: false, blockHash, height, confirmations }
  }
  const entry = state.mempool.get(bytesToHex(txid))
  if (entry === undefined)
    throw new ChainError(
      'TRANSACTION_NOT_FOUND',
      `transaction ${displayHash(txid)} is neither in the best chain nor in the mempool`,
    )
  return { transaction: entry.raw, inMempool: true }
}
