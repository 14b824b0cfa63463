import { bytesToHex } from '@camelid/crypto'
import type { Pool } from '../pool.ts'
import { type JobRecord, liveJobIds, loadJob } from '../store/jobs.ts'
import { loadWork } from '../store/work.ts'
import { enqueueGeneration, enqueueSelfCheck } from './enqueue.ts'

/** After a start: puts work under way on its queue again (taken once), and wakes every live job. */
export async function resumeWork(pool: Pool): Promise<void> {
  const ids = await liveJobIds(pool.sql)
  for (const id of ids) {
    pool.signal.throwIfAborted()
    const record = await loadJob(pool.sql, id)
    if (record?.mine === true) await enqueueAgain(pool, record)
    pool.driver.wake(bytesToHex(id))
  }
  if (ids.length > 0) pool.log.info({ jobs: ids.length }, 'jobs go on from the database')
}

async function enqueueAgain(pool: Pool, record: JobRecord): Promise<void> {
  const work = await loadWork(pool.sql, record.id)
  if (work?.stage === 'queued') await enqueueGeneration(pool, record, work.attempt)
  if (work?.stage === 'checking' && work.output !== null)
    await enqueueSelfCheck(pool, record, work.attempt, work.output)
}
