import type { Pool } from './pool.ts'
import type { JobRecord } from './store/jobs.ts'
import { type RefreshContext, refreshState } from './store/state.ts'

/** What deriving a state needs, as of now. */
export function refreshContext(pool: Pool): RefreshContext {
  return { params: pool.params, nowMs: pool.clock.nowMs(), tipHeight: pool.tip.height ?? 0 }
}

/** One transaction: brings the stored state up to the clock and the chain, and tells those who watch. */
export async function refreshJob(pool: Pool, id: Uint8Array, reason = ''): Promise<JobRecord | null> {
  const refreshed = await pool.sql.begin((tx) => refreshState(tx, id, refreshContext(pool), reason))
  if (refreshed?.changed === true) announce(pool, refreshed.record)
  return refreshed?.record ?? null
}

/** After a transaction that moved a job: its event may leave, watchers hear of it. */
export function announce(pool: Pool, record: JobRecord): void {
  pool.outbox.wake()
  pool.changes.publish(record)
  pool.log.info({ job: record.hex, state: record.state, mine: record.mine, reason: record.reason }, 'job changed')
}
