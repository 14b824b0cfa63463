import { fromBinary } from '@bufbuild/protobuf'
import { encodeTransaction } from '@camelid/codec'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { MessageType, PaymentSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { isFinal } from '../accept/is-final.ts'
import type { Pool } from '../pool.ts'
import { type JobRecord, loadJob } from '../store/jobs.ts'
import { putReservation } from '../store/reservations.ts'
import { sharesSlot } from '../store/slot-sharing.ts'
import { isEnded } from '../store/state.ts'
import { statementsOfKind } from '../store/statements.ts'
import { checkInputs } from './check-inputs.ts'
import { putPayment } from './put-payment.ts'

/**
 * Puts F, or the payment in force, of a live job into the chain's mempool once more; where the chain will not have it, looks
 * whether its coins went elsewhere. What is not there now is tried again at each tip: a payment that nobody mines pays nobody.
 * A payment whose bond slot backs another live job stays out (protocol §6, Reserved).
 */
export async function recoverReservation(pool: Pool, id: Uint8Array): Promise<void> {
  const hex = bytesToHex(id)
  const isOut = await pool.locks.run(hex, async () => {
    const record = await loadJob(pool.sql, id)
    if (record === null || isEnded(record.state)) return false
    try {
      if (await sharesSlot(pool.sql, id, { tipHeight: pool.tip.height ?? 0, verdictLife: pool.params.verdictLife })) {
        await bar(pool, record)
        return true
      }
      await hold(pool, record)
      await putReservation(pool.sql, id, 'held', pool.clock.nowMs())
      return false
    } catch (error) {
      pool.log.warn({ err: error, job: hex }, 'the coins of a job are not reserved; tried again at the next block')
      await putReservation(pool.sql, id, 'lost', pool.clock.nowMs())
      return isFinal(error)
    }
  })
  if (isOut) await checkInputs(pool, id)
  pool.driver.wake(hex)
}

async function bar(pool: Pool, { id, hex }: JobRecord): Promise<void> {
  const { released } = await pool.chain.releaseReservation({ jobId: id }, { signal: pool.signal })
  await putReservation(pool.sql, id, 'barred', pool.clock.nowMs())
  if (released)
    pool.log.warn({ job: hex }, 'its node staked one bond slot on two jobs: the payment is kept out of blocks')
}

async function hold(pool: Pool, record: JobRecord): Promise<void> {
  const { id, paymentTxid, funding } = record
  const payments = await statementsOfKind(pool.sql, id, MessageType.PAYMENT)
  const payment = payments.find(({ hash }) => paymentTxid !== null && equalBytes(hash, paymentTxid))
  if (payment !== undefined) await putPayment(pool, id, fromBinary(PaymentSchema, payment.payload).transaction)
  else await pool.chain.reserve({ jobId: id, funding: encodeTransaction(funding) }, { signal: pool.signal })
}
