import { fromBinary } from '@bufbuild/protobuf'
import { decodeTransaction, encodeOutPoint } from '@camelid/codec'
import { PaymentSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { Pool } from '../pool.ts'
import { announce, refreshContext } from '../refresh.ts'
import { putPayment } from '../settle/put-payment.ts'
import type { JobRecord } from '../store/jobs.ts'
import { putReservation } from '../store/reservations.ts'
import { doubtSharers } from '../store/slot-sharing.ts'
import { refreshState } from '../store/state.ts'
import { type HeldMessage, matchPayment } from '../store/statements.ts'
import { findPaidCommitment } from './find-paid-commitment.ts'

/**
 * Matches a kept P to its commitment, and lets it replace F at the chain; then the job is paid. Gives whether its commitment
 * is known; where the chain is away, or refuses, P stays and can be judged again. @throws RpcError
 */
export async function settlePayment(pool: Pool, record: JobRecord, held: HeldMessage): Promise<boolean> {
  const { transaction } = fromBinary(PaymentSchema, held.payload)
  const payment = decodeTransaction(transaction)
  const commitment = await findPaidCommitment(pool, record, { payment, named: held.commitmentHash })
  if (commitment === null) return false
  await putPayment(pool, record.id, transaction)
  const refreshed = await pool.sql.begin(async (tx) => {
    await matchPayment(tx, record.id, { txid: held.hash, commitmentHash: commitment.hash })
    await putReservation(tx, record.id, 'held', pool.clock.nowMs())
    await doubtSharers(tx, encodeOutPoint(commitment.statement.bondOutpoint))
    return await refreshState(tx, record.id, refreshContext(pool))
  })
  if (refreshed?.changed === true) announce(pool, refreshed.record)
  return true
}
