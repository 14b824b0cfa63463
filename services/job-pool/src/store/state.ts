import { create, toBinary } from '@bufbuild/protobuf'
import type { NetworkParams } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import { addToOutbox } from '@camelid/events'
import { type DerivedState, deadlines, deriveState, type HeldStatement, type JobState } from '@camelid/job'
import { JobChangedSchema } from '@camelid/proto/events/v1/events_pb'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { AnySql, TransactionSql } from '@camelid/store'
import { protoState } from '../rpc/view.ts'
import { type JobRecord, loadJob } from './jobs.ts'

/** What refreshing needs from outside: the rules, the clock, and the tip at which an ended job is put down. */
export type RefreshContext = {
  readonly params: NetworkParams
  readonly nowMs: number
  readonly tipHeight: number
}

const ENDED: ReadonlySet<JobState> = new Set<JobState>(['settled', 'expired', 'slashed'])

/** Whether nothing but a reorganisation can move a job in this state. */
export function isEnded(state: JobState): boolean {
  return ENDED.has(state)
}

/**
 * Part of a transaction: derives the state anew from everything held, and writes it with its event where it changed.
 * `reason` is noted with a change. Gives the job as it is now, null for an unknown one.
 */
export async function refreshState(
  tx: TransactionSql,
  id: Uint8Array,
  context: RefreshContext,
  reason = '',
): Promise<{ readonly record: JobRecord; readonly changed: boolean } | null> {
  await tx`select 1 from jobs where job_id = ${id} for update`
  const record = await loadJob(tx, id)
  if (record === null) return null
  const derived = await derive(tx, record, context)
  const payment = derived.paidCommitment
  const samePayment =
    bytesToHex(payment ?? new Uint8Array(0)) === bytesToHex(record.paymentCommitment ?? new Uint8Array(0))
  if (derived.state === record.state && samePayment) return { record, changed: false }
  const changes = record.changes + 1
  const why = reason === '' ? reasonOf(derived.state, record) : reason
  await tx`
    update jobs set state = ${derived.state}, reason = ${why}, changes = ${changes},
      ended_height = ${isEnded(derived.state) ? context.tipHeight : null},
      payment_commitment = ${payment},
      payment_txid = coalesce(mined_txid, (select hash from statements where job_id = ${id}
        and kind = ${MessageType.PAYMENT} and checked and commitment_hash = ${payment} order by seen_ms, hash limit 1))
    where job_id = ${id}`
  await addToOutbox(tx, [
    {
      eventId: `${record.hex}.${derived.state}.${changes}`,
      subject: `job.${record.hex}.${derived.state}`,
      payload: jobChanged(id, derived.state, why, context.nowMs),
    },
  ])
  const now = await loadJob(tx, id)
  return now === null ? null : { record: now, changed: true }
}

async function derive(tx: AnySql, record: JobRecord, context: RefreshContext): Promise<DerivedState> {
  const rows = await tx<
    {
      kind: number
      hash: Uint8Array
      node_key: Uint8Array | null
      commitment_hash: Uint8Array | null
      seen_ms: bigint
    }[]
  >`select kind, hash, node_key, commitment_hash, seen_ms from statements where job_id = ${record.id} and checked`
  const statements: HeldStatement[] = []
  for (const row of rows) {
    const seenMs = Number(row.seen_ms)
    if (row.kind === MessageType.ACCEPTANCE && row.node_key !== null) {
      statements.push({ kind: 'acceptance', nodeKey: row.node_key, seenMs })
    } else if (row.kind === MessageType.COMMITMENT) {
      statements.push({ kind: 'commitment', hash: row.hash, seenMs })
    } else if (row.kind === MessageType.PAYMENT && row.commitment_hash !== null) {
      statements.push({ kind: 'payment', commitmentHash: row.commitment_hash, txid: row.hash, seenMs })
    } else if (row.kind === MessageType.DELIVERY && row.commitment_hash !== null) {
      statements.push({ kind: 'delivery', commitmentHash: row.commitment_hash, seenMs })
    }
  }
  return deriveState({
    statements,
    chain: {
      minedPayment: record.minedTxid,
      testamentMined: record.testamentMined,
      inputsSpentElsewhere: record.inputsSpent,
    },
    deadlines: deadlines(context.params, record.job),
    nowSeconds: context.nowMs / 1000,
  })
}

/** What a person is told of an end. */
function reasonOf(state: JobState, before: JobRecord): string {
  if (state !== 'expired') return ''
  if (before.inputsSpent) return 'the coins of the job were spent elsewhere'
  // Why this node gave up says more than that a deadline passed.
  if (before.reason !== '') return before.reason
  return before.state === 'committed' ? 'no payment by its deadline' : 'no commitment by its deadline'
}

/** The event of a change of state, for the stream JOBS. */
function jobChanged(jobId: Uint8Array, state: JobState, reason: string, nowMs: number): Uint8Array {
  return toBinary(
    JobChangedSchema,
    create(JobChangedSchema, { jobId, state: protoState(state), reason, atMs: BigInt(Math.round(nowMs)) }),
  )
}

/** The event of a job that is new: the state "created" is what it is inserted with. */
export async function announceCreated(tx: TransactionSql, id: Uint8Array, nowMs: number): Promise<void> {
  const hex = bytesToHex(id)
  await addToOutbox(tx, [
    { eventId: `${hex}.created.0`, subject: `job.${hex}.created`, payload: jobChanged(id, 'created', '', nowMs) },
  ])
}
