import { encodeTransaction } from '@camelid/codec'
import type { GetBlockTransactionsRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { recentBlock } from '../compact/recent-block.ts'
import { parseHash } from './parse.ts'

/** Transactions of a recent block, whose positions ascend. @throws ChainError BAD_REQUEST, BAD_POSITIONS, BLOCK_NOT_FOUND, PRUNED */
export async function getBlockTransactions(state: ChainState, request: GetBlockTransactionsRequest) {
  const hash = parseHash(request.hash, 'hash')
  const { block } = await recentBlock(state, hash)
  let last = -1
  const transactions = request.indexes.map((index) => {
    const transaction = block.transactions[index]
    if (transaction === undefined || index <= last)
      throw new ChainError(
        'BAD_POSITIONS',
        `position ${index} after ${last} of ${block.transactions.length} transactions`,
      )
    last = index
    return encodeTransaction(transaction)
  })
  return { transactions }
}
