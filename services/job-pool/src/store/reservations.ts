import type { AnySql } from '@camelid/store'

export type ReservationState = 'asking' | 'held' | 'releasing'

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

/** One query: what a crash left between asking the chain and noting its answer. */
export async function unsettledReservations(sql: AnySql): Promise<Uint8Array[]> {
  const rows = await sql<{ job_id: Uint8Array }[]>`
    select job_id from reservations where state in ('asking', 'releasing') order by at_ms`
  return rows.map((row) => row.job_id)
}
