import { decodeTransaction, type Transaction, txid } from '@camelid/codec'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { deadlines, jobError } from '@camelid/job'
import { MessageType, PaymentSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, ok } from '../judgement.ts'
import type { Pool } from '../pool.ts'
import { refreshJob } from '../refresh.ts'
import { endJob } from '../settle/end-job.ts'
import type { JobRecord } from '../store/jobs.ts'
import { type HeldMessage, insertOverUnchecked, insertStatement, statementsOfKind } from '../store/statements.ts'
import { deliverLate } from '../work/deliver-late.ts'
import { knownJob } from './known-job.ts'
import { parsePayload } from './parse-payload.ts'
import { settlePayment } from './settle-payment.ts'

/** Payments of one job that are kept: the one in force, and what a client that contradicts itself sent beside it. */
const MAX_PAYMENTS = 4

/**
 * A client's P. Written down before the chain is asked, so that a crash in between loses nothing; then matched to its
 * commitment and put in F's place. One that overtakes its commitment waits for it.
 */
export async function acceptPayment(pool: Pool, payload: Uint8Array): Promise<Judgement> {
  const seenMs = Math.round(pool.clock.nowMs())
  const message = parsePayload(PaymentSchema, payload)
  const payment = decodeTransaction(message.transaction)
  const id = Uint8Array.from(message.jobId)
  const hex = bytesToHex(id)
  return await pool.locks.run(hex, async () => {
    const record = await knownJob(pool, id)
    if (!equalBytes(payment.jobId, id)) throw jobError('BAD_PAYMENT', 'payment: it is for another job')
    const held: HeldMessage = {
      kind: MessageType.PAYMENT,
      hash: txid(payment),
      nodeKey: null,
      commitmentHash: Uint8Array.from(message.commitmentHash),
      payload,
      seenMs,
      checked: false,
    }
    const refusal = await refusalOf(pool, record, held, payment)
    if (refusal !== null) return refusal
    const commitments = await statementsOfKind(pool.sql, id, MessageType.COMMITMENT)
    if (!commitments.some(({ hash }) => equalBytes(hash, message.commitmentHash))) {
      await keep(pool, record, held)
      return ignore('UNKNOWN_COMMITMENT', 'the commitment that it pays is not known here yet')
    }
    await insertOverUnchecked(pool.sql, id, held)
    try {
      await settlePayment(pool, record, held)
    } finally {
      pool.driver.wake(hex)
    }
    return ok()
  })
}

async function refusalOf(
  pool: Pool,
  record: JobRecord,
  held: HeldMessage,
  payment: Transaction,
): Promise<Judgement | null> {
  const others = await statementsOfKind(pool.sql, record.id, MessageType.PAYMENT)
  if (others.some((other) => other.checked && equalBytes(other.hash, held.hash))) {
    return ignore('KNOWN', 'this payment is known')
  }
  if (payment.vin.length !== record.funding.vin.length) {
    throw jobError('BAD_PAYMENT', 'payment: it has not the inputs of the funding transaction')
  }
  if (record.paymentTxid !== null) {
    await keep(pool, record, held)
    return ignore('PAYMENT_CONFLICT', `job ${record.hex} is paid by another transaction already`)
  }
  if (held.seenMs / 1000 > deadlines(pool.params, record.job).payment) {
    await keep(pool, record, held)
    // The driver may not have looked at the clock since the deadline: F must be out of the way of P.
    const now = await refreshJob(pool, record.id)
    if (now?.state === 'expired') await endJob(pool, now)
    if (now !== null && (await deliverLate(pool, now))) return ok('LATE', 'the payment came late; it is delivered for')
    return ignore('DEADLINE_PASSED', 'the payment came after its deadline')
  }
  return null
}

/** Kept within bounds, and never in the way of one that can be checked: anybody can send a payment that nobody can check. */
async function keep(pool: Pool, record: JobRecord, held: HeldMessage): Promise<void> {
  const others = await statementsOfKind(pool.sql, record.id, MessageType.PAYMENT)
  if (others.length < MAX_PAYMENTS) await insertStatement(pool.sql, record.id, held)
}
