import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ListJobsRequest, ListJobsResponseSchema } from '@camelid/proto/jobpool/v1/job_pool_pb'
import type { Pool } from '../pool.ts'
import { listJobs as queryJobs } from '../store/jobs.ts'
import { jobView, stateOf } from './view.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 500

/** The newest jobs, in one state or in any. */
export async function listJobs(
  pool: Pool,
  request: ListJobsRequest,
): Promise<MessageInitShape<typeof ListJobsResponseSchema>> {
  const limit = Math.min(request.limit === 0 ? DEFAULT_LIMIT : request.limit, MAX_LIMIT)
  const records = await queryJobs(pool.sql, { limit, state: stateOf(request.state) })
  return {
    jobs: records.map((record) =>
      jobView(record, {
        tokens: pool.progress.tokens(record.hex),
        nodeKey: record.mine ? pool.keys.nodeKey : null,
      }),
    ),
  }
}
