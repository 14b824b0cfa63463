import { deadlines, type JobState } from '@camelid/job'
import type { Pool } from '../pool.ts'
import type { JobRecord } from '../store/jobs.ts'
import { hasPayableRival } from '../work/rival-commitment.ts'
import { takeJob } from './take-job.ts'

/** Before its commitment is paid. */
const WAITING: ReadonlySet<JobState> = new Set(['created', 'accepted', 'committed'])
/** Refusals that pass: a worker comes up, a bond slot becomes free. */
const PASSING: ReadonlySet<string> = new Set(['NO_WORKER', 'NO_VERIFIER', 'NO_BOND_SLOT', 'CHAIN_AWAY'])
const LEAST_PAUSE_MS = 500
/** Part of the time left until the commitment's deadline after which a job is looked at again: a few dozen times in all. */
const PART = 8

/**
 * A job that this node could not take when it came, or that a crash cut off before it was taken: once more, while nobody has
 * committed to it in a way that the client may pay. Gives when to look again, or null.
 */
export async function offerAgain(pool: Pool, record: JobRecord): Promise<number | null> {
  if (!WAITING.has(record.state)) return null
  const nowMs = pool.clock.nowMs()
  const leftMs = deadlines(pool.params, record.job).commit * 1000 - nowMs
  const laterMs = nowMs + Math.max(LEAST_PAUSE_MS, leftMs / PART)
  if (await hasPayableRival(pool, record)) return laterMs
  const decision = await takeJob(pool, record.id)
  if (decision.serve) {
    pool.driver.wake(record.hex)
    return null
  }
  return PASSING.has(decision.code) ? laterMs : null
}
