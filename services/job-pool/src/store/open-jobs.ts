import { bytesToHex } from '@camelid/crypto'
import type { JobState } from '@camelid/job'
import type { AnySql } from '@camelid/store'
import { isLive } from './jobs.ts'

/** A job and how far it is. */
export type OpenJob = { readonly id: Uint8Array; readonly state: JobState }

type Row = { job_id: Uint8Array; state: JobState }

/** One query: jobs that are not over and can still be paid for, the newest first. */
export async function openJobs(
  sql: AnySql,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
): Promise<OpenJob[]> {
  const rows = await sql<Row[]>`
    select job_id, state from jobs where ${isLive(sql)} and open_until_ms > ${BigInt(Math.floor(nowMs))}
    order by first_seen_ms desc limit ${limit}`
  return rows.map(({ job_id: id, state }) => ({ id, state }))
}

/** One query: how far those of these jobs are that are held here, by id in hex. */
export async function statesOf(sql: AnySql, ids: readonly Uint8Array[]): Promise<Map<string, JobState>> {
  if (ids.length === 0) return new Map()
  const rows = await sql<Row[]>`
    select job_id, state from jobs where job_id = any(${sql.array(
      ids.map((id) => Buffer.from(id)),
      17,
    )})`
  return new Map(rows.map(({ job_id: id, state }) => [bytesToHex(id), state]))
}
