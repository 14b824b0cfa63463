import { deadlines } from '@camelid/job'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Pool } from '../pool.ts'
import { loadJob } from '../store/jobs.ts'
import { isEnded } from '../store/state.ts'
import { statementsOfKind } from '../store/statements.ts'
import { isFinal } from './is-final.ts'
import { settlePayment } from './settle-payment.ts'

/**
 * Payments that wait: for their commitment, or for a chain that was away when they came. Gives whether the chain should be
 * asked again soon.
 */
export async function judgePending(pool: Pool, id: Uint8Array): Promise<boolean> {
  let again = false
  const payments = await statementsOfKind(pool.sql, id, MessageType.PAYMENT)
  for (const held of payments) {
    if (held.checked) continue
    const record = await loadJob(pool.sql, id)
    if (record === null || record.paymentTxid !== null || isEnded(record.state)) return false
    if (held.seenMs / 1000 > deadlines(pool.params, record.job).payment) continue
    try {
      await settlePayment(pool, record, held)
    } catch (error) {
      again ||= !isFinal(error)
      pool.log.warn({ err: error, job: record.hex }, 'a payment that waits was not taken')
    }
  }
  return again
}
