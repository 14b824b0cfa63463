import type { ReleaseReservationRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { releaseReservation as release } from '../mempool/release-reservation.ts'
import { parseHash } from './parse.ts'

/** @throws ChainError BAD_REQUEST */
export async function releaseReservation(state: ChainState, request: ReleaseReservationRequest) {
  const jobId = parseHash(request.jobId, 'job_id')
  return { released: await write(state, () => release(state, jobId)) }
}
