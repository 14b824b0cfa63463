import { deadlines } from '@camelid/job'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Pool } from '../pool.ts'
import type { JobRecord } from '../store/jobs.ts'
import { statementsOfKind } from '../store/statements.ts'
import { takeJob } from './take-job.ts'

/** Refusals that pass: a worker comes up, a bond slot becomes free. */
const PASSING: ReadonlySet<string> = new Set(['NO_WORKER', 'NO_VERIFIER', 'NO_BOND_SLOT', 'CHAIN_AWAY'])
const LEAST_PAUSE_MS = 500
/** Part of the time left until the commitment's deadline after which a job is looked at again: a few dozen times in all. */
const PART = 8

/**
 * A job that this node could not take when it came, or that a crash cut off before it was taken: once more, while nobody has
 * committed to it. Gives when to look again, or null.
 */
export async function offerAgain(pool: Pool, record: JobRecord): Promise<number | null> {
  if (record.state !== 'created' && record.state !== 'accepted') return null
  if ((await statementsOfKind(pool.sql, record.id, MessageType.COMMITMENT)).length > 0) return null
  const decision = await takeJob(pool, record.id)
  if (decision.serve) {
    pool.driver.wake(record.hex)
    return null
  }
  if (!PASSING.has(decision.code)) return null
  const nowMs = pool.clock.nowMs()
  const leftMs = deadlines(pool.params, record.job).commit * 1000 - nowMs
  return nowMs + Math.max(LEAST_PAUSE_MS, leftMs / PART)
}
