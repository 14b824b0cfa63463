import { fromBinary } from '@bufbuild/protobuf'
import { decodeCommitment, decodeTransaction } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { checkPayment, jobError } from '@camelid/job'
import { CommitmentSchema, MessageType, PaymentSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { Pool } from '../pool.ts'
import { announce, refreshContext } from '../refresh.ts'
import type { JobRecord } from '../store/jobs.ts'
import { refreshState } from '../store/state.ts'
import { deleteStatement, type HeldMessage, markChecked, statementsOfKind } from '../store/statements.ts'

/**
 * Matches a kept P to its commitment, and lets it replace F at the chain; then the job is paid. What is wrong is forgotten
 * with its error; where the chain is away P stays and is judged again. @throws JobError BAD_PAYMENT; RpcError
 */
export async function settlePayment(pool: Pool, record: JobRecord, held: HeldMessage): Promise<void> {
  const { transaction } = fromBinary(PaymentSchema, held.payload)
  try {
    const commitment = await commitmentOf(pool, record.id, held.commitmentHash)
    if (commitment === null) return
    checkPayment(decodeTransaction(transaction), { funding: record.funding, job: record.job, commitment })
    await pool.chain.replaceReservation({ jobId: record.id, payment: transaction }, { signal: pool.signal })
  } catch (error) {
    if (isFinal(error)) await deleteStatement(pool.sql, record.id, MessageType.PAYMENT, held.hash)
    throw error
  }
  const refreshed = await pool.sql.begin(async (tx) => {
    await markChecked(tx, record.id, MessageType.PAYMENT, held.hash)
    return await refreshState(tx, record.id, refreshContext(pool))
  })
  if (refreshed?.changed === true) announce(pool, refreshed.record)
}

async function commitmentOf(pool: Pool, jobId: Uint8Array, hash: Uint8Array | null) {
  if (hash === null) throw jobError('BAD_PAYMENT', 'payment: it names no commitment')
  const held = await statementsOfKind(pool.sql, jobId, MessageType.COMMITMENT)
  const found = held.find((other) => equalBytes(other.hash, hash))
  return found === undefined ? null : decodeCommitment(fromBinary(CommitmentSchema, found.payload).statement).statement
}

const TRANSIENT: ReadonlySet<string> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'CANCELLED',
  'RESOURCE_EXHAUSTED',
  'INTERNAL',
  'BUSY',
  'MEMPOOL_FULL',
])

/** Whether asking again could only fail again. */
export function isFinal(error: unknown): boolean {
  return isCoded(error) && !TRANSIENT.has(error.code)
}
