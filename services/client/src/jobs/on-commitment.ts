import { decodeCommitment, encodeTransaction, txid } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { buildPayment, checkCommitment, checkCommitmentInIsolation, checkPayment, jobError } from '@camelid/job'
import { findBond } from './find-bond.ts'
import { type JobContext, step } from './job-context.ts'
import type { LiveJob } from './live-job.ts'
import { noteNodeBalance } from './note-balances.ts'
import { sendPayment } from './send-payment.ts'
import { signerOf } from './sign-inputs.ts'

/** Bad commitments of one job that are remembered, of one node and of all; each cost us questions to our peers. */
const MAX_BAD_OF_NODE = 4
const MAX_BAD = 512
const MAX_EARLY = 8

/**
 * A node binds itself to an output. The first commitment that stands every check is paid: P is on disk, with the
 * commitment it answers, before it leaves; afterwards no other commitment is looked at, so nothing is ever paid twice.
 * Errors: JobError, CodecError with the score of whoever passed it on.
 */
export async function onCommitment(context: JobContext, live: LiveJob, bytes: Uint8Array): Promise<void> {
  if (!mayPay(context, live)) return
  const commitment = decodeCommitment(bytes)
  const node = bytesToHex(commitment.statement.nodeKey)
  if ((live.refused.get(node) ?? 0) >= MAX_BAD_OF_NODE || live.refused.size >= MAX_BAD) return
  try {
    checkCommitmentInIsolation(commitment, live.job)
    checkJudgeable(context, live, commitment.statement)
    const bond = await findBond(context, commitment.statement.bondOutpoint)
    checkCommitment(commitment, {
      job: live.job,
      params: context.params,
      bond,
      tipHeight: context.chain.tip.height,
    })
  } catch (error) {
    if (isCoded(error) && error.code === 'HEIGHT_AHEAD') {
      if (live.early.length < MAX_EARLY) live.early.push(bytes)
      return
    }
    live.lastRefusal = isCoded(error) ? `${error.code}: ${error.message}` : String(error)
    context.log.warn({ jobId: live.id, reason: live.lastRefusal }, 'commitment refused')
    // Our peers may not have shown us the bond yet: only what is wrong in itself counts against its node.
    if (isCoded(error) && error.score > 0) live.refused.set(node, (live.refused.get(node) ?? 0) + 1)
    if (isCoded(error) && error.code === 'BAD_SIGNATURE') throw error
    return
  }
  // Our peers may have taken their time, and the job may have ended meanwhile.
  if (!mayPay(context, live)) return
  pay(context, live, { bytes, commitment })
  await sendPayment(context, live)
  noteNodeBalance(context, live)
}

/** Whether the job waits for a commitment still. @throws JobError DEADLINE_PASSED */
function mayPay({ nowMs }: JobContext, { row, deadlines }: LiveJob): boolean {
  if (row.commitment !== null || !row.tracked) return false
  if (nowMs() / 1000 > deadlines.payment)
    throw jobError('DEADLINE_PASSED', 'the commitment came after the deadline of P')
  return true
}

/** Nobody could judge an output of an engine that the job's noise profile does not name: it is not worth paying for. */
function checkJudgeable(context: JobContext, live: LiveJob, statement: { engine: string; backend: string }): void {
  const profile = context.library.profile(live.row.modelSha256, bytesToHex(live.job.profileSha256))
  if (profile === undefined) return
  const covered =
    profile.engine === statement.engine && profile.pairs.some(({ generator }) => generator === statement.backend)
  if (covered) return
  throw jobError('BAD_OUTPUT', `the noise profile does not cover ${statement.engine} on ${statement.backend}`)
}

function pay(
  context: JobContext,
  live: LiveJob,
  { bytes, commitment }: { bytes: Uint8Array; commitment: ReturnType<typeof decodeCommitment> },
): void {
  const { nowMs } = context
  const { funding, job } = live
  const { nodeKey, rewardHash, tokenCount } = commitment.statement
  const payment = buildPayment({
    funding,
    job,
    rewardHash,
    nodeKey,
    sign: signerOf(context, funding),
  })
  checkPayment(payment, { funding, job, commitment: { rewardHash, nodeKey } })
  const changeOf = (vout: readonly { value: bigint }[], at: number): bigint => vout[at]?.value ?? 0n
  const change = changeOf(payment.vout, 2)
  step(context, live, {
    stage: 'committed',
    changes: {
      commitment: Uint8Array.from(bytes),
      payment: encodeTransaction(payment),
      payment_txid: txid(payment),
      node_key: nodeKey,
      tokens: tokenCount,
      change,
      fee_paid: live.row.feePaid + (changeOf(funding.vout, 1) - change),
      committed_ms: nowMs(),
      reason: '',
    },
  })
}
