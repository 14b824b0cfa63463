import { fromBinary } from '@bufbuild/protobuf'
import { type Commitment, decodeCommitment, decodeTransaction } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import { checkPayment } from '@camelid/job'
import { CommitmentSchema, MessageType, PaymentSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { isFinal } from '../accept/is-final.ts'
import type { Pool } from '../pool.ts'
import { putPayment } from '../settle/put-payment.ts'
import type { JobRecord } from '../store/jobs.ts'
import { type HeldMessage, statementsOfKind } from '../store/statements.ts'
import { loadWork } from '../store/work.ts'
import { deliverJob } from './deliver-job.ts'

/**
 * A node delivers whenever it sees P, even late (protocol §7): once P can be mined, or is, its silence could be slashed. A
 * P that came after its deadline is put into the mempool first, and only where the coins are still there is it delivered for.
 * Gives whether it was.
 */
export async function deliverLate(pool: Pool, record: JobRecord): Promise<boolean> {
  const work = record.mine ? await loadWork(pool.sql, record.id) : null
  const own = await ownStatement(pool, record, MessageType.COMMITMENT)
  if (work?.stage !== 'committed' || own === null) return false
  if ((await ownStatement(pool, record, MessageType.DELIVERY)) !== null) return false
  const { statement } = decodeCommitment(fromBinary(CommitmentSchema, own.payload).statement)
  const isPaid =
    record.state === 'settled'
      ? record.paymentCommitment !== null && equalBytes(record.paymentCommitment, own.hash)
      : await hasMineablePayment(pool, record, statement)
  if (!isPaid) return false
  const delivery = await deliverJob(pool, record, work, own.hash)
  pool.floods.send(MessageType.DELIVERY, delivery.payload)
  pool.log.info({ job: record.hex }, 'delivered for a late payment')
  return true
}

/** Whether a kept P pays this commitment, whichever commitment was named beside it, and can be mined. */
async function hasMineablePayment(pool: Pool, record: JobRecord, commitment: Commitment): Promise<boolean> {
  for (const held of await statementsOfKind(pool.sql, record.id, MessageType.PAYMENT)) {
    const { transaction } = fromBinary(PaymentSchema, held.payload)
    try {
      checkPayment(decodeTransaction(transaction), { funding: record.funding, job: record.job, commitment })
      await putPayment(pool, record.id, transaction)
      return true
    } catch (error) {
      if (!isFinal(error)) throw error
    }
  }
  return false
}

/** What this node itself said of a job. */
export async function ownStatement(pool: Pool, record: JobRecord, kind: MessageType): Promise<HeldMessage | null> {
  const held = await statementsOfKind(pool.sql, record.id, kind)
  return held.find(({ nodeKey }) => nodeKey !== null && equalBytes(nodeKey, pool.keys.nodeKey)) ?? null
}
