import { fromBinary } from '@bufbuild/protobuf'
import { encodeTransaction } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import { MessageType, PaymentSchema } from '@camelid/proto/p2p/v1/messages_pb'
import type { Pool } from '../pool.ts'
import { type JobRecord, jobsOfTransaction, loadJob } from '../store/jobs.ts'
import { isEnded } from '../store/state.ts'
import { statementsOfKind } from '../store/statements.ts'
import { checkInputs } from './check-inputs.ts'

/** By our own word: P took F's place, or the job is over. */
const ASKED_FOR: ReadonlySet<string> = new Set(['REPLACED', 'RELEASED'])

/** F or P of a live job left the mempool other than by our word: its coins went elsewhere, or it is put there again. */
export async function transactionDropped(
  pool: Pool,
  { txid, reason }: { readonly txid: Uint8Array; readonly reason: string },
): Promise<void> {
  if (ASKED_FOR.has(reason)) return
  for (const id of await jobsOfTransaction(pool.sql, txid)) {
    await checkInputs(pool, id)
    const record = await loadJob(pool.sql, id)
    if (record !== null && !isEnded(record.state)) await reserveAgain(pool, record)
  }
}

/** Best effort: a mempool that is full may refuse, and the job's deadlines go on. */
async function reserveAgain(pool: Pool, record: JobRecord): Promise<void> {
  const { id, paymentTxid } = record
  const payments = await statementsOfKind(pool.sql, id, MessageType.PAYMENT)
  const payment = payments.find(({ hash }) => paymentTxid !== null && equalBytes(hash, paymentTxid))
  const funding =
    payment === undefined ? encodeTransaction(record.funding) : fromBinary(PaymentSchema, payment.payload).transaction
  try {
    await pool.chain.reserve({ jobId: id, funding }, { signal: pool.signal })
  } catch (error) {
    pool.log.warn({ err: error, job: record.hex }, 'a dropped reservation could not be made again')
  }
}
