import { fromBinary } from '@bufbuild/protobuf'
import { encodeTransaction } from '@camelid/codec'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { MessageType, PaymentSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { isFinal } from '../accept/is-final.ts'
import type { Pool } from '../pool.ts'
import { type JobRecord, loadJob } from '../store/jobs.ts'
import { putReservation } from '../store/reservations.ts'
import { isEnded } from '../store/state.ts'
import { statementsOfKind } from '../store/statements.ts'
import { checkInputs } from './check-inputs.ts'
import { putPayment } from './put-payment.ts'

/**
 * Puts F, or the payment in force, of a live job into the chain's mempool once more; where the chain will not have it, looks
 * whether its coins went elsewhere. What is not there now is tried again at each tip: a payment that nobody mines pays nobody.
 */
export async function recoverReservation(pool: Pool, id: Uint8Array): Promise<void> {
  const hex = bytesToHex(id)
  const refused = await pool.locks.run(hex, async () => {
    const record = await loadJob(pool.sql, id)
    if (record === null || isEnded(record.state)) return false
    try {
      await hold(pool, record)
      await putReservation(pool.sql, id, 'held', pool.clock.nowMs())
      return false
    } catch (error) {
      pool.log.warn({ err: error, job: hex }, 'the coins of a job are not reserved; tried again at the next block')
      await putReservation(pool.sql, id, 'lost', pool.clock.nowMs())
      return isFinal(error)
    }
  })
  if (refused) await checkInputs(pool, id)
  pool.driver.wake(hex)
}

async function hold(pool: Pool, record: JobRecord): Promise<void> {
  const { id, paymentTxid, funding } = record
  const payments = await statementsOfKind(pool.sql, id, MessageType.PAYMENT)
  const payment = payments.find(({ hash }) => paymentTxid !== null && equalBytes(hash, paymentTxid))
  if (payment !== undefined) await putPayment(pool, id, fromBinary(PaymentSchema, payment.payload).transaction)
  else await pool.chain.reserve({ jobId: id, funding: encodeTransaction(funding) }, { signal: pool.signal })
}
