import { decodeTransaction, type Transaction, txid } from '@camelid/codec'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { checkCoinSignatures, coinScripts, deadlines, jobError, paidNode } from '@camelid/job'
import { MessageType, PaymentSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { ignore, type Judgement, ok } from '../judgement.ts'
import type { Pool } from '../pool.ts'
import { refreshJob } from '../refresh.ts'
import { endJob } from '../settle/end-job.ts'
import type { JobRecord } from '../store/jobs.ts'
import { isEnded } from '../store/state.ts'
import { type HeldMessage, insertStatement, statementsOfKind } from '../store/statements.ts'
import { findPaidCommitment } from './find-paid-commitment.ts'
import { knownJob } from './known-job.ts'
import { parsePayload } from './parse-payload.ts'
import { settlePayment } from './settle-payment.ts'

/** Payments of one job that are kept: the one in force, and what a client that contradicts itself signed beside it. */
const MAX_PAYMENTS = 4

type Given = { readonly payment: Transaction; readonly held: HeldMessage }

/**
 * A client's P. Written down before the chain is asked, so that a crash in between loses nothing; then matched to its
 * commitment and put in F's place. One that overtakes its commitment waits for it. Only what the client signed is kept.
 */
export async function acceptPayment(pool: Pool, payload: Uint8Array): Promise<Judgement> {
  const seenMs = Math.round(pool.clock.nowMs())
  const message = parsePayload(PaymentSchema, payload)
  const payment = decodeTransaction(message.transaction)
  const id = Uint8Array.from(message.jobId)
  const hex = bytesToHex(id)
  return await pool.locks.run(hex, async () => {
    const record = await knownJob(pool, id)
    const held: HeldMessage = {
      kind: MessageType.PAYMENT,
      hash: txid(payment),
      nodeKey: null,
      commitmentHash: message.commitmentHash.length === 32 ? Uint8Array.from(message.commitmentHash) : null,
      payload,
      seenMs,
      checked: false,
    }
    const others = await statementsOfKind(pool.sql, id, MessageType.PAYMENT)
    const known = others.find((other) => equalBytes(other.hash, held.hash))
    if (known?.checked === true) return ignore('KNOWN', 'this payment is known')
    checkSigned(payment, record)
    if (known === undefined && others.length >= MAX_PAYMENTS) {
      return ignore('TOO_MANY', 'the client has signed enough payments of this job')
    }
    const given = { payment, held: known ?? held }
    if (record.paymentTxid !== null) return await keepRival(pool, record, given)
    if (given.held.seenMs / 1000 > deadlines(pool.params, record.job).payment)
      return await takeLate(pool, record, given)
    await insertStatement(pool.sql, id, given.held)
    try {
      if (await settlePayment(pool, record, given.held)) return ok()
      return ignore('UNKNOWN_COMMITMENT', 'the commitment that it pays is not known here yet')
    } finally {
      pool.driver.wake(hex)
    }
  })
}

/** What can be said of P without its commitment. @throws JobError BAD_PAYMENT, BAD_SIGNATURE */
function checkSigned(payment: Transaction, record: JobRecord): void {
  if (paidNode(payment, record) === null) throw jobError('BAD_PAYMENT', 'payment: it is not what F and the job ask for')
  checkCoinSignatures(payment, coinScripts(record.funding))
}

/** A client that signs two payments: the first seen stands here, the other is kept and passed on, the chain decides (protocol §6). */
async function keepRival(pool: Pool, record: JobRecord, given: Given): Promise<Judgement> {
  await keepAside(pool, record, given)
  return ok('PAYMENT_CONFLICT', `job ${record.hex} is paid by another transaction already`)
}

async function takeLate(pool: Pool, record: JobRecord, given: Given): Promise<Judgement> {
  await keepAside(pool, record, given)
  // The driver may not have looked at the clock since the deadline: F must be out of the way of P.
  const now = await refreshJob(pool, record.id)
  if (now !== null && isEnded(now.state) && (await endJob(pool, now)))
    return ok('LATE', 'the payment came late; it is delivered for')
  return ignore('DEADLINE_PASSED', 'the payment came after its deadline')
}

/** Kept with the commitment that it answers, where that is known: it moves nothing unless it is mined. */
async function keepAside(pool: Pool, record: JobRecord, { payment, held }: Given): Promise<void> {
  const commitment = await findPaidCommitment(pool, record, { payment, named: held.commitmentHash })
  await insertStatement(pool.sql, record.id, {
    ...held,
    commitmentHash: commitment?.hash ?? null,
    checked: commitment !== null,
  })
}
