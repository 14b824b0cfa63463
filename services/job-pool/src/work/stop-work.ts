import type { Pool } from '../pool.ts'
import { releaseSlot } from '../store/bonds.ts'
import { setWorkStage } from '../store/work.ts'

/** One transaction: gives up work that has no commitment, and frees its slot at once. */
async function endWork(pool: Pool, jobId: Uint8Array, stage: 'failed' | 'stopped', reason: string): Promise<void> {
  await pool.sql.begin(async (tx) => {
    await setWorkStage(tx, jobId, stage, reason)
    await releaseSlot(tx, jobId, null)
    if (stage === 'failed') await tx`update jobs set reason = ${reason} where job_id = ${jobId} and reason = ''`
  })
}

/** The work is no longer needed. */
export async function stopWork(pool: Pool, jobId: Uint8Array, reason: string): Promise<void> {
  await endWork(pool, jobId, 'stopped', reason)
}

/** This node cannot do the job; others may, until its deadline. */
export async function failWork(pool: Pool, record: { id: Uint8Array; hex: string }, reason: string): Promise<void> {
  pool.log.warn({ job: record.hex, reason }, 'the job cannot be done here')
  await endWork(pool, record.id, 'failed', reason)
}
