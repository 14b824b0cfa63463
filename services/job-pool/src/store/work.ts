import { decodeOutPoint, encodeOutPoint, type OutPoint } from '@camelid/codec'
import type { AnySql } from '@camelid/store'

/**
 * How far this node's own work on a job is. waiting: for its turn; queued: with the workers; checking: with a verifier of
 * ours; checked: may be committed; failed: given up, the job may be done by others; stopped: no longer needed.
 */
export type WorkStage = 'waiting' | 'queued' | 'checking' | 'checked' | 'committed' | 'failed' | 'stopped'

/** What a worker produced. */
export type StoredOutput = {
  readonly tokenIds: readonly number[]
  readonly text: Uint8Array
  readonly engine: string
  readonly backend: string
  readonly worker: string
  /** Microseconds. */
  readonly generateUs: bigint
}

export type WorkRecord = {
  readonly jobId: Uint8Array
  readonly bondOutpoint: OutPoint
  readonly stage: WorkStage
  readonly attempt: number
  readonly reason: string
  readonly output: StoredOutput | null
  /** H of the commitment. */
  readonly height: number | null
}

type WorkRow = {
  job_id: Uint8Array
  bond_outpoint: Uint8Array
  stage: WorkStage
  attempt: number
  reason: string
  worker: string
  token_ids: Uint8Array | null
  output_text: Uint8Array | null
  engine: string | null
  backend: string | null
  generate_us: bigint | null
  height: number | null
}

function toWork(row: WorkRow): WorkRecord {
  const { token_ids: ids, output_text: text, engine, backend } = row
  const output =
    ids === null || text === null || engine === null || backend === null
      ? null
      : { tokenIds: unpackIds(ids), text, engine, backend, worker: row.worker, generateUs: row.generate_us ?? 0n }
  return {
    jobId: row.job_id,
    bondOutpoint: decodeOutPoint(row.bond_outpoint),
    stage: row.stage,
    attempt: row.attempt,
    reason: row.reason,
    output,
    height: row.height,
  }
}

/** One query. */
export async function insertWork(sql: AnySql, jobId: Uint8Array, bondOutpoint: OutPoint): Promise<void> {
  await sql`
    insert into work (job_id, bond_outpoint, stage) values (${jobId}, ${encodeOutPoint(bondOutpoint)}, 'waiting')
    on conflict do nothing`
}

/** One query. */
export async function loadWork(sql: AnySql, jobId: Uint8Array): Promise<WorkRecord | null> {
  const [row] = await sql<WorkRow[]>`select * from work where job_id = ${jobId}`
  return row === undefined ? null : toWork(row)
}

/** One query. */
export async function setWorkStage(sql: AnySql, jobId: Uint8Array, stage: WorkStage, reason = ''): Promise<void> {
  await sql`update work set stage = ${stage}, reason = ${reason} where job_id = ${jobId}`
}

/** One query: once more, with a queue id of its own. */
export async function startNextAttempt(sql: AnySql, jobId: Uint8Array, reason: string): Promise<void> {
  await sql`
    update work set stage = 'queued', attempt = attempt + 1, reason = ${reason}, token_ids = null, output_text = null
    where job_id = ${jobId}`
}

/** One query. */
export async function storeOutput(
  sql: AnySql,
  jobId: Uint8Array,
  output: StoredOutput,
  stage: 'checking' | 'checked',
): Promise<void> {
  await sql`
    update work set stage = ${stage}, token_ids = ${packIds(output.tokenIds)}, output_text = ${output.text},
      engine = ${output.engine}, backend = ${output.backend}, worker = ${output.worker}, generate_us = ${output.generateUs}
    where job_id = ${jobId}`
}

/** One query. */
export async function markCommitted(sql: AnySql, jobId: Uint8Array, height: number): Promise<void> {
  await sql`update work set stage = 'committed', height = ${height} where job_id = ${jobId}`
}

function packIds(ids: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * 4)
  const view = new DataView(bytes.buffer)
  for (const [index, id] of ids.entries()) view.setUint32(index * 4, id, true)
  return bytes
}

function unpackIds(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(index * 4, true))
}
