import { decodeJob, decodeTransaction, encodeOutPoint, type Job, type Transaction } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import type { JobState } from '@camelid/job'
import type { AnySql } from '@camelid/store'

/** A job as the pool holds it. */
export type JobRecord = {
  readonly id: Uint8Array
  readonly hex: string
  readonly jobBytes: Uint8Array
  readonly job: Job
  readonly funding: Transaction
  readonly fundingTxid: Uint8Array
  readonly firstSeenMs: number
  readonly state: JobState
  readonly reason: string
  readonly changes: number
  readonly mine: boolean
  readonly paymentTxid: Uint8Array | null
  readonly paymentCommitment: Uint8Array | null
  readonly minedHash: Uint8Array | null
  readonly minedHeight: number | null
  /** The payment that is in that block. */
  readonly minedTxid: Uint8Array | null
  readonly inputsSpent: boolean
  readonly testamentMined: boolean
  readonly endedHeight: number | null
}

type JobRow = {
  job_id: Uint8Array
  job: Uint8Array
  funding: Uint8Array
  funding_txid: Uint8Array
  first_seen_ms: bigint
  state: JobState
  reason: string
  changes: number
  mine: boolean
  payment_txid: Uint8Array | null
  payment_commitment: Uint8Array | null
  mined_hash: Uint8Array | null
  mined_height: number | null
  mined_txid: Uint8Array | null
  inputs_spent: boolean
  testament_mined: boolean
  ended_height: number | null
}

function toRecord(row: JobRow): JobRecord {
  return {
    id: row.job_id,
    hex: bytesToHex(row.job_id),
    jobBytes: row.job,
    job: decodeJob(row.job),
    funding: decodeTransaction(row.funding),
    fundingTxid: row.funding_txid,
    firstSeenMs: Number(row.first_seen_ms),
    state: row.state,
    reason: row.reason,
    changes: row.changes,
    mine: row.mine,
    paymentTxid: row.payment_txid,
    paymentCommitment: row.payment_commitment,
    minedHash: row.mined_hash,
    minedHeight: row.mined_height,
    minedTxid: row.mined_txid,
    inputsSpent: row.inputs_spent,
    testamentMined: row.testament_mined,
    endedHeight: row.ended_height,
  }
}

/** The condition of the partial indexes, word for word: PostgreSQL does not see that a list of states means the same. */
export function isLive(sql: AnySql) {
  return sql`state not in ('settled', 'expired', 'slashed')`
}

/** One query. */
export async function insertJob(
  sql: AnySql,
  values: {
    readonly id: Uint8Array
    readonly job: Job
    readonly jobBytes: Uint8Array
    readonly fundingBytes: Uint8Array
    readonly fundingTxid: Uint8Array
    readonly firstSeenMs: number
    /** Deadline of its payment, Unix milliseconds. */
    readonly openUntilMs: number
  },
): Promise<void> {
  await sql`
    insert into jobs (job_id, job, funding, funding_outpoint, funding_txid, first_seen_ms, open_until_ms, state)
    values (${values.id}, ${values.jobBytes}, ${values.fundingBytes}, ${encodeOutPoint(values.job.fundingOutpoint)},
      ${values.fundingTxid}, ${BigInt(values.firstSeenMs)}, ${BigInt(Math.floor(values.openUntilMs))}, 'created')`
}

/** One query. */
export async function loadJob(sql: AnySql, id: Uint8Array): Promise<JobRecord | null> {
  const [row] = await sql<JobRow[]>`select * from jobs where job_id = ${id}`
  return row === undefined ? null : toRecord(row)
}

/** One query: newest first. */
export async function listJobs(
  sql: AnySql,
  filter: { readonly limit: number; readonly state: JobState | null },
): Promise<JobRecord[]> {
  const rows = await sql<JobRow[]>`
    select * from jobs where ${filter.state}::text is null or state = ${filter.state}
    order by first_seen_ms desc limit ${filter.limit}`
  return rows.map(toRecord)
}

/** One query: ids of the jobs that can still move, oldest first. */
export async function liveJobIds(sql: AnySql): Promise<Uint8Array[]> {
  const rows = await sql<{ job_id: Uint8Array }[]>`
    select job_id from jobs where ${isLive(sql)} order by first_seen_ms`
  return rows.map((row) => row.job_id)
}

/** One query. */
export async function countLiveJobs(sql: AnySql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from jobs where ${isLive(sql)}`
  return row?.n ?? 0
}

/** One query: the live job that an outpoint backs (protocol §5: it backs one). */
export async function liveJobOnOutpoint(sql: AnySql, outpoint: Uint8Array): Promise<Uint8Array | null> {
  const [row] = await sql<{ job_id: Uint8Array }[]>`
    select job_id from jobs where funding_outpoint = ${outpoint} and ${isLive(sql)}
    order by first_seen_ms limit 1`
  return row?.job_id ?? null
}

/** One query: jobs that are over but hold something still: the chain was away when they ended, or this service. */
export async function endedJobIds(sql: AnySql): Promise<Uint8Array[]> {
  const rows = await sql<{ job_id: Uint8Array }[]>`
    select job_id from (
      select job_id from reservations
      union select job_id from bond_slots where job_id is not null and release_height is null) as holding
    join jobs using (job_id) where ended_height is not null`
  return rows.map((row) => row.job_id)
}

/** One query: marks the job as taken by this node. */
export async function markMine(sql: AnySql, id: Uint8Array): Promise<void> {
  await sql`update jobs set mine = true where job_id = ${id}`
}

/** One query: live jobs one of whose transactions in the mempool has this id. */
export async function jobsOfTransaction(sql: AnySql, txid: Uint8Array): Promise<Uint8Array[]> {
  const rows = await sql<{ job_id: Uint8Array }[]>`
    select job_id from jobs where funding_txid = ${txid} and ${isLive(sql)}
    union select job_id from jobs where payment_txid = ${txid} and ${isLive(sql)}`
  return rows.map((row) => row.job_id)
}

/** One query: which of these are jobs that are held here. */
export async function knownJobs(sql: AnySql, ids: readonly Uint8Array[]): Promise<Uint8Array[]> {
  if (ids.length === 0) return []
  const rows = await sql<{ job_id: Uint8Array }[]>`
    select job_id from jobs where job_id = any(${sql.array(
      ids.map((id) => Buffer.from(id)),
      17,
    )})`
  return rows.map((row) => row.job_id)
}

/** One query: forgets jobs that ended at or below this height; what hangs on them goes too. */
export async function deleteEndedJobs(sql: AnySql, height: number): Promise<number> {
  const rows = await sql`delete from jobs where ended_height <= ${height}
    and not exists (select 1 from bond_slots where bond_slots.job_id = jobs.job_id)
    and not exists (select 1 from reservations where reservations.job_id = jobs.job_id)`
  return rows.count
}
