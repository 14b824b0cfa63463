import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ListOpenJobsRequest, ListOpenJobsResponseSchema } from '@camelid/proto/jobpool/v1/job_pool_pb'
import type { Pool } from '../pool.ts'
import { openJobs } from '../store/open-jobs.ts'
import { protoState } from './view.ts'

/** As many as one message of the peer protocol tells. */
export const MAX_OPEN_JOBS = 256

/** Jobs that are not over and whose payment is not late yet, the newest first. */
export async function listOpenJobs(
  pool: Pool,
  request: ListOpenJobsRequest,
): Promise<MessageInitShape<typeof ListOpenJobsResponseSchema>> {
  const limit = request.limit === 0 ? MAX_OPEN_JOBS : Math.min(request.limit, MAX_OPEN_JOBS)
  const jobs = await openJobs(pool.sql, { nowMs: pool.clock.nowMs(), limit })
  return { jobs: jobs.map(({ id, state }) => ({ jobId: id, state: protoState(state) })) }
}
