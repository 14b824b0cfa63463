import type { AnySql } from '@camelid/store'

/**
 * asking: F is being reserved; held: F or P is; lost: the chain may not have it any more; barred: P shares its bond slot with
 * another job and is kept out of the mempool; releasing: the job is over.
 */
export type ReservationState = 'asking' | 'held' | 'lost' | 'barred' | 'releasing'

/** One query. Written before the chain is asked, so that a crash in between is found at the next start. */
export async function putReservation(
  sql: AnySql,
  jobId: Uint8Array,
  state: ReservationState,
  nowMs: number,
): Promise<void> {
  await sql`
    insert into reservations (job_id, state, at_ms) values (${jobId}, ${state}, ${BigInt(Math.round(nowMs))})
    on conflict (job_id) do update set state = excluded.state, at_ms = excluded.at_ms`
}

/** One query. */
export async function reservationState(sql: AnySql, jobId: Uint8Array): Promise<ReservationState | null> {
  const [row] = await sql<{ state: ReservationState }[]>`select state from reservations where job_id = ${jobId}`
  return row?.state ?? null
}

/** One query. */
export async function deleteReservation(sql: AnySql, jobId: Uint8Array): Promise<void> {
  await sql`delete from reservations where job_id = ${jobId}`
}

/** One query: what is to be asked of the chain again; questions that nobody can be waiting for any more among it. */
export async function openReservations(
  sql: AnySql,
  askedBeforeMs: number,
): Promise<{ readonly jobId: Uint8Array; readonly state: ReservationState }[]> {
  const rows = await sql<{ job_id: Uint8Array; state: ReservationState }[]>`
    select job_id, state from reservations where state in ('lost', 'barred', 'releasing')
    union all
    select job_id, state from reservations where state = 'asking' and at_ms < ${BigInt(Math.round(askedBeforeMs))}`
  return rows.map((row) => ({ jobId: row.job_id, state: row.state }))
}

/** One query: what was held before this service was away may be held no longer. */
export async function doubtReservations(sql: AnySql): Promise<void> {
  await sql`update reservations set state = 'lost' where state = 'held'`
}
