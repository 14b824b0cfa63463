import type { ChainState } from '../chain/chain-state.ts'
import { asUnavailable, write } from '../chain/write.ts'
import { acceptBatch, parseOffer } from './accept-batch.ts'
import { storeChange } from './mempool-change.ts'
import { TransactionBatcher } from './transaction-batcher.ts'

/** The way of all transactions into the mempool but those of jobs. */
export function transactionBatcher(state: ChainState): TransactionBatcher {
  return new TransactionBatcher({
    inWriter: (task) => write(state, task),
    // The one that runs counts too.
    isAwaited: () => state.writer.waiting > 1,
    parse: (offer) => parseOffer(state, offer),
    judge: (offers) => acceptBatch(state, offers),
    store: (change) => storeChange(state, change),
    explain: asUnavailable,
  })
}
