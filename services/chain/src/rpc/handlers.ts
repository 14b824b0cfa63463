import type { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import type { ServiceHandlers } from '@camelid/rpc'
import type { ChainState } from '../chain/chain-state.ts'
import { asUnavailable } from '../chain/write.ts'
import { transactionBatcher } from '../mempool/open-batcher.ts'
import { accept } from './accept.ts'
import { estimateFee } from './estimate-fee.ts'
import { exportSnapshot } from './export-snapshot.ts'
import { gated } from './gate.ts'
import { getAddressHistory } from './get-address-history.ts'
import { getBlock } from './get-block.ts'
import { getBlockTemplate } from './get-block-template.ts'
import { getBlockTransactions } from './get-block-transactions.ts'
import { getCompactBlock } from './get-compact-block.ts'
import { getHeaders } from './get-headers.ts'
import { getOutput } from './get-output.ts'
import { getProof } from './get-proof.ts'
import { getSyncState } from './get-sync-state.ts'
import { getTip } from './get-tip.ts'
import { getTransaction } from './get-transaction.ts'
import { getUtxos } from './get-utxos.ts'
import { importSnapshot } from './import-snapshot.ts'
import { listBonds } from './list-bonds.ts'
import { prune } from './prune-blocks.ts'
import { reindex } from './reindex.ts'
import { releaseReservation } from './release-reservation.ts'
import { replaceReservation } from './replace-reservation.ts'
import { reserve } from './reserve.ts'
import { submitBlock } from './submit-block.ts'
import { submitTransaction } from './submit-transaction.ts'
import { takeCompactBlock } from './take-compact-block.ts'
import { verifyChain } from './verify-chain.ts'
import { watchOwnBlocks } from './watch-own-blocks.ts'
import { watchTip } from './watch-tip.ts'

/** What reads the database fails as such while it is away, not as a mistake of this service. */
async function read<T>(answer: () => Promise<T>): Promise<T> {
  try {
    return await answer()
  } catch (error) {
    throw asUnavailable(error)
  }
}

/** @param stopping aborts when the service stops: streams end then */
export function handlers(state: ChainState, stopping: AbortSignal): ServiceHandlers<typeof ChainService> {
  const transactions = transactionBatcher(state)
  const all: ServiceHandlers<typeof ChainService> = {
    getTip: () => getTip(state),
    watchTip: (_, { signal }) => watchTip(state, AbortSignal.any([signal, stopping])),
    getHeaders: (request) => read(() => getHeaders(state, request)),
    getSyncState: (request) => read(() => getSyncState(state, request)),
    getBlock: (request) => read(() => getBlock(state, request)),
    getTransaction: (request) => read(() => getTransaction(state, request)),
    getUtxos: (request) => read(() => getUtxos(state, request)),
    getOutput: (request) => read(() => getOutput(state, request)),
    getProof: (request) => read(() => getProof(state, request)),
    getAddressHistory: (request) => read(() => getAddressHistory(state, request)),
    listBonds: (request) => read(() => listBonds(state, request)),
    submitTransaction: (request) => submitTransaction(transactions, request),
    submitBlock: (request) => read(() => submitBlock(state, request)),
    getBlockTemplate: (request, { signal }) => getBlockTemplate(state, request, AbortSignal.any([signal, stopping])),
    estimateFee: (request) => estimateFee(state, request),
    reserve: (request) => reserve(state, request),
    replaceReservation: (request) => replaceReservation(state, request),
    releaseReservation: (request) => releaseReservation(state, request),
    verifyChain: (_, { signal }) => verifyChain(state, AbortSignal.any([signal, stopping])),
    reindex: (request, { signal }) => reindex(state, request, { call: signal, stopping }),
    pruneBlocks: (request) => prune(state, request),
    exportSnapshot: (request, { signal }) => exportSnapshot(state, request, AbortSignal.any([signal, stopping])),
    importSnapshot: (requests, { signal }) => importSnapshot(state, requests, AbortSignal.any([signal, stopping])),
    accept: (requests) => accept(state, transactions, requests),
    takeCompactBlock: (request) => takeCompactBlock(state, request),
    watchOwnBlocks: (_, { signal }) => watchOwnBlocks(state, AbortSignal.any([signal, stopping])),
    getCompactBlock: (request) => read(() => getCompactBlock(state, request)),
    getBlockTransactions: (request) => read(() => getBlockTransactions(state, request)),
  }
  return gated(state, all, ['reindex'])
}
