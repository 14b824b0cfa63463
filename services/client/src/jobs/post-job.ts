import { ClientError } from '../errors.ts'
import { createJob, type JobLimits, type JobRequest } from './create-job.ts'
import { type JobContext, release } from './job-context.ts'
import type { JobDesk } from './job-desk.ts'
import type { LiveJob } from './live-job.ts'
import { sendJob } from './send-job.ts'

/**
 * Buys a completion: job and F on disk, then out to the peers, then their verdict on it. Resolves as soon as one serves it;
 * where none has answered in time the job goes on and is sent again. Errors: those of createJob; JOB_REFUSED, with the
 * coins free again, where every peer refused it.
 */
export async function postJob(
  context: JobContext,
  desk: JobDesk,
  order: { request: JobRequest; limits: JobLimits },
): Promise<LiveJob> {
  const live = await createJob(context, desk, order)
  context.events.emit({ id: live.id, event: { stage: 'funded', at: live.row.createdMs } })
  const [refusal] = await sendJob(context, live)
  if (refusal === undefined || live.row.stage !== 'funded') return live
  const reason = `${refusal.code}: ${refusal.detail}`
  release(context, live, 'failed', reason)
  throw new ClientError('JOB_REFUSED', `every node refused the job: ${reason}`, {
    data: { jobId: live.id, code: refusal.code },
  })
}
