import type { ReserveRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { reserve as putReservation } from '../mempool/reserve.ts'
import { parseHash } from './parse.ts'

/** @throws as `reserve` of the mempool */
export async function reserve(state: ChainState, request: ReserveRequest) {
  const jobId = parseHash(request.jobId, 'job_id')
  return { txid: await write(state, () => putReservation(state, jobId, request.funding)) }
}
