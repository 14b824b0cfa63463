import type { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import type { ServiceHandlers } from '@camelid/rpc'
import type { ChainState } from '../chain/chain-state.ts'
import { accept } from './accept.ts'
import { getBlock } from './get-block.ts'
import { getBlockTemplate } from './get-block-template.ts'
import { getHeaders } from './get-headers.ts'
import { getOutput } from './get-output.ts'
import { getProof } from './get-proof.ts'
import { getTip } from './get-tip.ts'
import { getTransaction } from './get-transaction.ts'
import { getUtxos } from './get-utxos.ts'
import { listBonds } from './list-bonds.ts'
import { releaseReservation } from './release-reservation.ts'
import { replaceReservation } from './replace-reservation.ts'
import { reserve } from './reserve.ts'
import { submitBlock } from './submit-block.ts'
import { submitTransaction } from './submit-transaction.ts'
import { watchTip } from './watch-tip.ts'

/** @param stopping aborts when the service stops: streams end then */
export function handlers(state: ChainState, stopping: AbortSignal): ServiceHandlers<typeof ChainService> {
  return {
    getTip: () => getTip(state),
    watchTip: (_, { signal }) => watchTip(state, AbortSignal.any([signal, stopping])),
    getHeaders: (request) => getHeaders(state, request),
    getBlock: (request) => getBlock(state, request),
    getTransaction: (request) => getTransaction(state, request),
    getUtxos: (request) => getUtxos(state, request),
    getOutput: (request) => getOutput(state, request),
    getProof: (request) => getProof(state, request),
    listBonds: (request) => listBonds(state, request),
    submitTransaction: (request) => submitTransaction(state, request),
    submitBlock: (request) => submitBlock(state, request),
    getBlockTemplate: (request) => getBlockTemplate(state, request),
    reserve: (request) => reserve(state, request),
    replaceReservation: (request) => replaceReservation(state, request),
    releaseReservation: (request) => releaseReservation(state, request),
    accept: (requests) => accept(state, requests),
  }
}
