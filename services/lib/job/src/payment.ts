import { type Job, jobId, type Transaction, type TxOut } from '@camelid/codec'
import { classifyScript, opReturnScript, p2pkhScript } from '@camelid/consensus'
import { equalBytes, hash160 } from '@camelid/crypto'
import { jobError } from './errors.ts'
import { JOB_TX_VERSION, PAYMENT_EXTRA_FEE } from './transactions.ts'

/** Whom P pays: fields of the commitment it answers. */
export type Payee = { readonly rewardHash: Uint8Array; readonly nodeKey: Uint8Array }

/** Signs one input of P: gives its scriptSig. */
export type SignInput = (transaction: Transaction, index: number) => Uint8Array

/** P without signatures: it is fixed to the byte by F, the job and the commitment (protocol §5, P). */
export function paymentTemplate(funding: Transaction, job: Job, payee: Payee): Transaction {
  return template(funding, job, { rewardHash: payee.rewardHash, nodeHash: hash160(payee.nodeKey) })
}

/** What a payment says of whom it pays: the h2 that earns the reward, and the h2 of the node's key. */
export type PaidNode = { readonly rewardHash: Uint8Array; readonly nodeHash: Uint8Array }

function template(funding: Transaction, job: Job, { rewardHash, nodeHash }: PaidNode): Transaction {
  const change = funding.vout[1]
  const vout: TxOut[] = [
    { value: job.reward, scriptPubKey: p2pkhScript(rewardHash) },
    { value: 0n, scriptPubKey: opReturnScript(nodeHash) },
  ]
  if (change !== undefined) {
    vout.push({ value: change.value - PAYMENT_EXTRA_FEE, scriptPubKey: change.scriptPubKey })
  }
  return {
    version: JOB_TX_VERSION,
    vin: funding.vin.map((input) => ({ ...input, scriptSig: new Uint8Array(0) })),
    vout,
    lockTime: job.timelock,
    jobId: jobId(job),
  }
}

/** The signed payment. Check the commitment before: P binds the client's coins to it. */
export function buildPayment(options: {
  readonly funding: Transaction
  readonly job: Job
  readonly rewardHash: Uint8Array
  readonly nodeKey: Uint8Array
  readonly sign: SignInput
}): Transaction {
  const unsigned = paymentTemplate(options.funding, options.job, options)
  return {
    ...unsigned,
    vin: unsigned.vin.map((input, index) => ({ ...input, scriptSig: options.sign(unsigned, index) })),
  }
}

/**
 * Whether P is the payment of this commitment for this job, apart from its signatures. @throws JobError BAD_PAYMENT
 */
export function checkPayment(
  payment: Transaction,
  { funding, job, commitment }: { readonly funding: Transaction; readonly job: Job; readonly commitment: Payee },
): void {
  checkAgainst(payment, paymentTemplate(funding, job, commitment))
}

/**
 * Whom a transaction pays for this job, whether or not the commitment is known; null where it is no payment of it: F, say,
 * or another spend of its coins.
 */
export function paidNode(
  transaction: Transaction,
  { funding, job }: { readonly funding: Transaction; readonly job: Job },
): PaidNode | null {
  const [reward, mark] = transaction.vout.map(({ scriptPubKey }) => classifyScript(scriptPubKey))
  if (reward?.kind !== 'p2pkh' || mark?.kind !== 'opReturn' || mark.data.length !== reward.h2.length) return null
  const paid = { rewardHash: reward.h2, nodeHash: mark.data }
  try {
    checkAgainst(transaction, template(funding, job, paid))
    return paid
  } catch {
    return null
  }
}

function checkAgainst(payment: Transaction, expected: Transaction): void {
  const wrong = (what: string) => jobError('BAD_PAYMENT', `payment: ${what}`)
  if (payment.version !== expected.version) throw wrong('another version')
  if (!equalBytes(payment.jobId, expected.jobId)) throw wrong('it is for another job')
  if (payment.lockTime !== expected.lockTime) throw wrong(`lockTime ${payment.lockTime} is not ${expected.lockTime}`)
  if (payment.vin.length !== expected.vin.length) throw wrong('it has not the inputs of the funding transaction')
  for (const [index, input] of expected.vin.entries()) {
    const given = payment.vin[index]
    if (given === undefined || !equalBytes(given.prevout.txid, input.prevout.txid))
      throw wrong(`input ${index} differs`)
    if (given.prevout.index !== input.prevout.index) throw wrong(`input ${index} differs`)
    if (given.sequence !== input.sequence) throw wrong(`input ${index} has another sequence`)
  }
  if (payment.vout.length !== expected.vout.length) throw wrong(`it must have ${expected.vout.length} outputs`)
  for (const [index, output] of expected.vout.entries()) {
    const given = payment.vout[index]
    if (given === undefined || given.value !== output.value) throw wrong(`output ${index} is not ${output.value}`)
    if (!equalBytes(given.scriptPubKey, output.scriptPubKey)) throw wrong(`output ${index} pays somebody else`)
  }
}
