import type { ReplaceReservationRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { replaceReservation as replace } from '../mempool/replace-reservation.ts'
import { parseHash } from './parse.ts'

/** @throws as `replaceReservation` of the mempool */
export async function replaceReservation(state: ChainState, request: ReplaceReservationRequest) {
  const jobId = parseHash(request.jobId, 'job_id')
  return { txid: await write(state, () => replace(state, jobId, request.payment)) }
}
