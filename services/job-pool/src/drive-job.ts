import { hexToBytes } from '@camelid/crypto'
import { deadlines, nextDeadline } from '@camelid/job'
import { judgePending } from './accept/judge-pending.ts'
import { offerAgain } from './accept/offer-again.ts'
import type { Pool } from './pool.ts'
import { refreshJob } from './refresh.ts'
import { endJob } from './settle/end-job.ts'
import { isEnded } from './store/state.ts'
import { driveWork } from './work/drive-work.ts'

/** So that a deadline has surely passed when the timer set to it fires, in milliseconds. */
const AFTER_DEADLINE_MS = 5

/** Pause before a chain that was away is asked again, in milliseconds. */
const CHAIN_AWAY_MS = 500

/**
 * Takes one job as far as it goes now, from what the database holds; gives when to look again (Unix milliseconds), null
 * where only an event can move it. Doing it twice does nothing twice.
 */
export async function driveJob(pool: Pool, hex: string): Promise<number | null> {
  return await pool.locks.run(hex, async () => {
    const id = hexToBytes(hex)
    if ((await refreshJob(pool, id)) === null) return null
    const askAgain = await judgePending(pool, id)
    const record = await refreshJob(pool, id)
    if (record === null) return null
    if (isEnded(record.state)) {
      await endJob(pool, record)
      return null
    }
    const due: number[] = askAgain ? [pool.clock.nowMs() + CHAIN_AWAY_MS] : []
    const deadline = nextDeadline(record.state, deadlines(pool.params, record.job))
    if (deadline !== null) due.push(deadline * 1000 + AFTER_DEADLINE_MS)
    const next = record.mine ? await driveWork(pool, record) : await offerAgain(pool, record)
    if (next !== null) due.push(next)
    return due.length === 0 ? null : Math.min(...due)
  })
}
