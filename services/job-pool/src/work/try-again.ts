import { deadlines } from '@camelid/job'
import type { Pool } from '../pool.ts'
import type { JobRecord } from '../store/jobs.ts'
import { startNextAttempt, type WorkRecord } from '../store/work.ts'

/** Generations of one job in all, beside the queue's own redeliveries. */
const MAX_ATTEMPTS = 2

/** Starts another attempt, which the driver puts on the queue, where attempts and time are left; false where they are not. */
export async function tryAgain(pool: Pool, record: JobRecord, work: WorkRecord, reason: string): Promise<boolean> {
  const remainingMs = deadlines(pool.params, record.job).commit * 1000 - pool.clock.nowMs()
  const needMs = pool.speed.estimateMs(record.job.modelSha256, record.job.maxTokens)
  if (work.attempt >= MAX_ATTEMPTS || remainingMs < needMs) return false
  pool.log.warn({ job: record.hex, reason }, 'the job is generated once more')
  await startNextAttempt(pool.sql, record.id, reason)
  return true
}
