import type { MessageInitShape } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import type { JobState } from '@camelid/job'
import type { FindMissingRequest, FindMissingResponseSchema } from '@camelid/proto/jobpool/v1/job_pool_pb'
import type { Pool } from '../pool.ts'
import { statesOf } from '../store/open-jobs.ts'
import { MAX_OPEN_JOBS } from './list-open-jobs.ts'
import { stateOf } from './view.ts'

/** How far a job is while statements move it. */
const WAY: readonly (JobState | null)[] = ['created', 'accepted', 'committed', 'paid', 'delivered']

/** Of the open jobs that a peer told of, those that are unknown here, or where it knows of a step that is missing here. */
export async function findMissing(
  pool: Pool,
  request: FindMissingRequest,
): Promise<MessageInitShape<typeof FindMissingResponseSchema>> {
  const told = request.jobs.slice(0, MAX_OPEN_JOBS).filter(({ jobId }) => jobId.length === 32)
  const held = await statesOf(
    pool.sql,
    told.map(({ jobId }) => jobId),
  )
  const jobs = told.filter(({ jobId, state }) => {
    const own = held.get(bytesToHex(jobId))
    return own === undefined || (WAY.includes(own) && WAY.indexOf(own) < WAY.indexOf(stateOf(state)))
  })
  return { jobs: jobs.map(({ jobId, state }) => ({ jobId, state })) }
}
