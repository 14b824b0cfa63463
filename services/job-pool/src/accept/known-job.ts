import { bytesToHex } from '@camelid/crypto'
import { CodedError } from '@camelid/errors'
import type { Pool } from '../pool.ts'
import { type JobRecord, loadJob } from '../store/jobs.ts'

/** Statements of one kind that a job may have: nodes that offer, commit or deliver. Beyond, they are not even looked at. */
export const MAX_STATEMENTS = 64

/** The job that a statement is about. @throws CodedError UNKNOWN_JOB, blameless: statements may overtake their job */
export async function knownJob(pool: Pool, id: Uint8Array): Promise<JobRecord> {
  const record = await loadJob(pool.sql, id)
  if (record !== null) return record
  throw new CodedError('UNKNOWN_JOB', `job ${bytesToHex(id)} is not known here: send the job first`)
}
