import { isStage, type Stage } from '../jobs/stage.ts'
import type { Store } from './open.ts'
import { all, amount, blob, int, nullable, one, prepare, type Row, text } from './rows.ts'

/** A job of ours as it is on disk. Amounts in base units, times in Unix milliseconds. */
export interface JobRow {
  readonly jobId: Uint8Array
  readonly createdMs: number
  readonly stage: Stage
  readonly reason: string
  readonly modelName: string
  readonly modelSha256: string
  /** Job bytes and the funding transaction F. */
  readonly job: Uint8Array
  readonly funding: Uint8Array
  readonly change: bigint
  readonly feePaid: bigint
  readonly balanceBefore: bigint
  readonly balanceAfter: bigint | null
  readonly nodeKey: Uint8Array | null
  readonly nodeBalanceBefore: bigint | null
  readonly nodeBalanceAfter: bigint | null
  readonly tokens: number
  /** Commitment ‖ signature; present from the moment we decided to pay it. */
  readonly commitment: Uint8Array | null
  readonly payment: Uint8Array | null
  readonly paymentTxid: Uint8Array | null
  readonly delivery: Uint8Array | null
  readonly output: string | null
  readonly tokenIds: string | null
  readonly report: string | null
  readonly committedMs: number | null
  readonly deliveredMs: number | null
  readonly checkedMs: number | null
  readonly blockHash: Uint8Array | null
  readonly height: number | null
  readonly tracked: boolean
}

export interface JobEvent {
  readonly seq: number
  readonly stage: Stage
  readonly atMs: number
}

/** Columns that a step may change, by their names on disk. */
export type JobChanges = Partial<{
  stage: Stage
  reason: string
  change: bigint
  fee_paid: bigint
  balance_after: bigint | null
  node_key: Uint8Array
  node_balance_before: bigint | null
  node_balance_after: bigint | null
  tokens: number
  commitment: Uint8Array
  payment: Uint8Array
  payment_txid: Uint8Array
  delivery: Uint8Array
  output: string
  token_ids: string
  report: string
  committed_ms: number
  delivered_ms: number
  checked_ms: number
  block_hash: Uint8Array | null
  height: number | null
  tracked: 0 | 1
}>

export type NewJob = Pick<
  JobRow,
  'jobId' | 'createdMs' | 'modelName' | 'modelSha256' | 'job' | 'funding' | 'change' | 'feePaid' | 'balanceBefore'
>

/** Queries and steps on `job` and `job_event`. Call the writing ones inside `store.transaction`. */
export function jobStore({ db }: Store) {
  const byId = prepare(db, 'SELECT * FROM job WHERE job_id = ?')
  const newest = prepare(db, 'SELECT * FROM job ORDER BY created_ms DESC LIMIT ?')
  const tracked = prepare(db, 'SELECT * FROM job WHERE tracked = 1 ORDER BY created_ms')
  const insert = prepare(
    db,
    `INSERT INTO job (job_id, created_ms, stage, model_name, model_sha256, job, funding, change, fee_paid, balance_before)
     VALUES (?, ?, 'funded', ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertEvent = prepare(
    db,
    `INSERT INTO job_event SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, ? FROM job_event WHERE job_id = ?`,
  )
  const events = prepare(db, 'SELECT * FROM job_event WHERE job_id = ? ORDER BY seq')

  return {
    get(jobId: Uint8Array): JobRow | undefined {
      const row = one(byId, jobId)
      return row === undefined ? undefined : toJobRow(row)
    },
    newest: (limit: number): JobRow[] => all(newest, limit).map(toJobRow),
    tracked: (): JobRow[] => all(tracked).map(toJobRow),
    insert(job: NewJob): void {
      const { jobId, createdMs, modelName, modelSha256, funding, change, feePaid, balanceBefore } = job
      insert.run(jobId, createdMs, modelName, modelSha256, job.job, funding, change, feePaid, balanceBefore)
    },
    update(jobId: Uint8Array, changes: JobChanges): void {
      const entries = Object.entries(changes)
      if (entries.length === 0) return
      const columns = entries.map(([column]) => `${column} = ?`).join(', ')
      db.prepare(`UPDATE job SET ${columns} WHERE job_id = ?`).run(...entries.map(([, value]) => value), jobId)
    },
    addEvent(jobId: Uint8Array, stage: Stage, atMs: number): void {
      insertEvent.run(jobId, stage, atMs, jobId)
    },
    events: (jobId: Uint8Array): JobEvent[] =>
      all(events, jobId).map((row) => ({ seq: int(row, 'seq'), stage: stageOf(row), atMs: int(row, 'at_ms') })),
  }
}

export type JobStore = ReturnType<typeof jobStore>

function stageOf(row: Row): Stage {
  const stage = text(row, 'stage')
  if (!isStage(stage)) throw new TypeError(`job stage "${stage}" is unknown: the file is newer than this program`)
  return stage
}

function toJobRow(row: Row): JobRow {
  return {
    jobId: blob(row, 'job_id'),
    createdMs: int(row, 'created_ms'),
    stage: stageOf(row),
    reason: text(row, 'reason'),
    modelName: text(row, 'model_name'),
    modelSha256: text(row, 'model_sha256'),
    job: blob(row, 'job'),
    funding: blob(row, 'funding'),
    change: amount(row, 'change'),
    feePaid: amount(row, 'fee_paid'),
    balanceBefore: amount(row, 'balance_before'),
    balanceAfter: nullable(row, 'balance_after', amount),
    nodeKey: nullable(row, 'node_key', blob),
    nodeBalanceBefore: nullable(row, 'node_balance_before', amount),
    nodeBalanceAfter: nullable(row, 'node_balance_after', amount),
    tokens: int(row, 'tokens'),
    commitment: nullable(row, 'commitment', blob),
    payment: nullable(row, 'payment', blob),
    paymentTxid: nullable(row, 'payment_txid', blob),
    delivery: nullable(row, 'delivery', blob),
    output: nullable(row, 'output', text),
    tokenIds: nullable(row, 'token_ids', text),
    report: nullable(row, 'report', text),
    committedMs: nullable(row, 'committed_ms', int),
    deliveredMs: nullable(row, 'delivered_ms', int),
    checkedMs: nullable(row, 'checked_ms', int),
    blockHash: nullable(row, 'block_hash', blob),
    height: nullable(row, 'height', int),
    tracked: int(row, 'tracked') === 1,
  }
}
