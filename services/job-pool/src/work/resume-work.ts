import { bytesToHex } from '@camelid/crypto'
import type { Pool } from '../pool.ts'
import { liveJobIds } from '../store/jobs.ts'

/** After a start: every live job goes on from what the database holds, work under way on its queue again (taken once). */
export async function resumeWork(pool: Pool): Promise<void> {
  const ids = await liveJobIds(pool.sql)
  for (const id of ids) pool.driver.wake(bytesToHex(id))
  if (ids.length > 0) pool.log.info({ jobs: ids.length }, 'jobs go on from the database')
}
