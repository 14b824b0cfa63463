import type { MessageInitShape } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import type { WatchJobsRequest, WatchJobsResponseSchema } from '@camelid/proto/jobpool/v1/job_pool_pb'
import type { Pool } from '../pool.ts'
import { jobView } from './view.ts'

/** Every change of state from now on, of one job or of all; ends when the watcher is too slow. */
export async function* watchJobs(
  pool: Pool,
  request: WatchJobsRequest,
  signal: AbortSignal,
): AsyncGenerator<MessageInitShape<typeof WatchJobsResponseSchema>> {
  const only = request.jobId.length === 0 ? null : bytesToHex(request.jobId)
  for await (const record of pool.changes.watch(AbortSignal.any([signal, pool.signal]))) {
    if (only !== null && only !== record.hex) continue
    const nodeKey = record.mine ? pool.keys.nodeKey : null
    yield { job: jobView(record, { tokens: pool.progress.tokens(record.hex), nodeKey }) }
  }
}
