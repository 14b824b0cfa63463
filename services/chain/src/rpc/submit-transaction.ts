import type { SubmitTransactionRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { acceptTransaction } from '../mempool/accept-transaction.ts'

/** Takes a transaction of the node's own into the mempool; one that is there already is no error. @throws as `acceptTransaction` */
export async function submitTransaction(state: ChainState, { transaction }: SubmitTransactionRequest) {
  const { txid } = await write(state, () => acceptTransaction(state, transaction, { fromPeer: false }))
  return { txid }
}
