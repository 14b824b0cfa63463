import type { SubmitTransactionRequest } from '@camelid/proto/chain/v1/chain_pb'
import { isRefusal } from '../mempool/judge-batch.ts'
import type { TransactionBatcher } from '../mempool/transaction-batcher.ts'

/**
 * Takes a transaction of the node's own into the mempool; one that is there already is no error.
 * @throws ChainError BUSY, and what an answer of `acceptBatch` may be
 */
export async function submitTransaction(transactions: TransactionBatcher, { transaction }: SubmitTransactionRequest) {
  const result = await transactions.submit({ raw: transaction, peer: null })
  if (isRefusal(result)) throw result
  return { txid: result.txid }
}
