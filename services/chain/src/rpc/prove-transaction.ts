import { encodeTransaction } from '@camelid/codec'
import { merkleBranch } from '@camelid/consensus'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import type { TransactionPlace } from '../store/transactions.ts'

/** A transaction with the merkle proof that it is in its block. @throws ChainError CORRUPT_DATABASE, BLOCK_NOT_FOUND */
export async function proveTransaction({ sql, blocks }: ChainState, { blockHash, height, position }: TransactionPlace) {
  const { block, txids } = await blocks.load(sql, blockHash)
  const transaction = block.transactions[position]
  if (transaction === undefined)
    throw new ChainError(
      'CORRUPT_DATABASE',
      'the index of transactions does not fit the blocks: start from an empty database',
    )
  return {
    transaction: encodeTransaction(transaction),
    blockHash,
    height,
    position,
    branch: merkleBranch(txids, position),
  }
}
