import { create, toBinary } from '@bufbuild/protobuf'
import { decodeBlock, encodeTransaction, hasJob, type Transaction, txid } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { paidNode } from '@camelid/job'
import { MessageType, PaymentSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { findPaidCommitment } from '../accept/find-paid-commitment.ts'
import { isNotFound } from '../is-not-found.ts'
import type { Pool } from '../pool.ts'
import { refreshJob } from '../refresh.ts'
import { type MinedPayment, setMined } from '../store/chain-facts.ts'
import { type JobRecord, knownJobs, loadJob } from '../store/jobs.ts'
import { insertStatement, matchPayment } from '../store/statements.ts'

type Block = { readonly hash: Uint8Array; readonly height: number; readonly txids: readonly Uint8Array[] }

/**
 * Jobs whose payment is in the block are settled: by what the block holds, for the payment that is mined may be one that
 * came late, that conflicts with the one in force, or that nobody sent here.
 */
export async function blockConnected(pool: Pool, block: Block): Promise<void> {
  // Nothing but its coinbase.
  if (block.txids.length === 1) return
  const ofJobs = (await transactionsOf(pool, block)).filter(hasJob)
  const known = new Set(
    (
      await knownJobs(
        pool.sql,
        ofJobs.map(({ jobId }) => jobId),
      )
    ).map(bytesToHex),
  )
  for (const transaction of ofJobs) {
    if (known.has(bytesToHex(transaction.jobId))) await takeMined(pool, transaction, block)
  }
}

async function transactionsOf(pool: Pool, { hash }: Block): Promise<readonly Transaction[]> {
  try {
    const { block } = await pool.chain.getBlock({ by: { case: 'hash', value: hash } }, { signal: pool.signal })
    return decodeBlock(block).transactions
  } catch (error) {
    // Left the best chain long ago, and was forgotten.
    if (isNotFound(error)) return []
    throw error
  }
}

async function takeMined(pool: Pool, transaction: Transaction, { hash, height }: Block): Promise<void> {
  const { jobId } = transaction
  const hex = bytesToHex(jobId)
  await pool.locks.run(hex, async () => {
    const record = await loadJob(pool.sql, jobId)
    if (record === null || paidNode(transaction, record) === null) return
    await keepPayment(pool, record, transaction)
    await settleLocked(pool, jobId, { txid: txid(transaction), hash, height })
  })
  pool.driver.wake(hex)
}

/** With what it answers: every full node keeps every statement, and a node delivers whenever it sees P (protocol §6, §7). */
async function keepPayment(pool: Pool, record: JobRecord, payment: Transaction): Promise<void> {
  const commitment = await findPaidCommitment(pool, record, { payment, named: record.paymentCommitment })
  const commitmentHash = commitment?.hash ?? null
  const id = txid(payment)
  const message = create(PaymentSchema, {
    jobId: record.id,
    transaction: encodeTransaction(payment),
    ...(commitmentHash !== null && { commitmentHash }),
  })
  await insertStatement(pool.sql, record.id, {
    kind: MessageType.PAYMENT,
    hash: id,
    nodeKey: null,
    commitmentHash,
    payload: toBinary(PaymentSchema, message),
    seenMs: Math.round(pool.clock.nowMs()),
    checked: true,
  })
  if (commitmentHash !== null) await matchPayment(pool.sql, record.id, { txid: id, commitmentHash })
}

/** The job's payment is in this block of the best chain. */
export async function settle(pool: Pool, jobId: Uint8Array, mined: MinedPayment): Promise<void> {
  const hex = bytesToHex(jobId)
  await pool.locks.run(hex, () => settleLocked(pool, jobId, mined))
  pool.driver.wake(hex)
}

async function settleLocked(pool: Pool, jobId: Uint8Array, mined: MinedPayment): Promise<void> {
  await setMined(pool.sql, jobId, mined)
  await refreshJob(pool, jobId)
}
