import { statementHash } from '@camelid/crypto'
import { encodeJob } from './encode-job.ts'
import type { Job } from './job.ts'

/** jobId: the statement hash of the job bytes, 32 bytes (protocol: Job). Bytes that were received are hashed as they are. */
export function jobId(job: Job | Uint8Array): Uint8Array {
  return statementHash('camelid/job/v1', job instanceof Uint8Array ? job : encodeJob(job))
}
