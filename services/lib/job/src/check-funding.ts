import { encodeTransaction, type Job, jobId, outPointKey, type Transaction, type TxOut } from '@camelid/codec'
import { classifyScript, type NetworkParams } from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import { escrowExpiry } from './build-funding.ts'
import { isSignedAll, signatureSlack } from './coin-signatures.ts'
import { jobError } from './errors.ts'
import { JOB_SEQUENCE, JOB_TX_VERSION, MIN_CHANGE, MIN_FEE_RATE, PAYMENT_EXTRA_FEE } from './transactions.ts'

/**
 * Whether F is the funding transaction of this job (protocol §5, F), apart from what only the chain knows (signatures,
 * maturity, reservations). With the outputs it spends, in order of its inputs, also kind and fee. @throws JobError
 * BAD_FUNDING, FEE_TOO_LOW
 */
export function checkFunding(funding: Transaction, job: Job, params: NetworkParams, spent?: readonly TxOut[]): void {
  const wrong = (what: string) => jobError('BAD_FUNDING', `funding transaction: ${what}`)
  if (funding.version !== JOB_TX_VERSION) throw wrong(`version ${funding.version} is not ${JOB_TX_VERSION}`)
  if (!equalBytes(funding.jobId, jobId(job))) throw wrong('its jobId is not that of the job')
  const first = funding.vin[0]
  if (first === undefined) throw wrong('it has no inputs')
  if (outPointKey(first.prevout) !== outPointKey(job.fundingOutpoint)) {
    throw wrong('its first input is not the funding outpoint')
  }
  if (funding.vin.some((input) => input.sequence !== JOB_SEQUENCE)) throw wrong('an input has a sequence of its own')
  if (!funding.vin.every((input) => isSignedAll(input.scriptSig)))
    throw wrong('an input is not signed by one key with type ALL')
  const lockTime = job.timelock + params.contestWindow
  if (funding.lockTime !== lockTime) throw wrong(`lockTime ${funding.lockTime} is not timelock + W = ${lockTime}`)
  const [escrow, change, ...more] = funding.vout
  if (escrow === undefined || more.length > 0) throw wrong('it must have the escrow and at most one change output')
  if (escrow.value !== job.reward) throw wrong(`the escrow holds ${escrow.value}, the reward is ${job.reward}`)
  const kind = classifyScript(escrow.scriptPubKey)
  if (kind.kind !== 'escrow') throw wrong('its first output is not the escrow script')
  if (!equalBytes(kind.clientKey, job.clientKey)) throw wrong('the escrow is for another key')
  if (kind.expiryTime > escrowExpiry(job, params)) throw wrong('the escrow expires after timelock + 2W')
  if (change !== undefined) {
    if (classifyScript(change.scriptPubKey).kind !== 'p2pkh') throw wrong('the change is not P2PKH')
    if (change.value < MIN_CHANGE) throw wrong(`a change of ${change.value} is under ${MIN_CHANGE}`)
  }
  const least = leastFee(funding)
  if (job.fee < least)
    throw jobError('FEE_TOO_LOW', `a fee of ${job.fee} is under ${least}, for which F and P are relayed`, { least })
  if (spent !== undefined) checkSpent(funding, job, spent)
}

/** What F must pay so that P, which is longer and signed anew, is relayed too: a P that no mempool takes pays nobody. */
function leastFee(funding: Transaction): bigint {
  return (BigInt(encodeTransaction(funding).length + signatureSlack(funding)) + PAYMENT_EXTRA_FEE) * MIN_FEE_RATE
}

/** Inputs P2PKH only, and in − out = the job's fee. */
function checkSpent(funding: Transaction, job: Job, spent: readonly TxOut[]): void {
  if (spent.length !== funding.vin.length) throw jobError('BAD_FUNDING', 'funding transaction: an input is unknown')
  if (spent.some((output) => classifyScript(output.scriptPubKey).kind !== 'p2pkh')) {
    throw jobError('BAD_FUNDING', 'funding transaction: an input is not P2PKH')
  }
  const sum = (outputs: readonly TxOut[]) => outputs.reduce((total, output) => total + output.value, 0n)
  const fee = sum(spent) - sum(funding.vout)
  if (fee !== job.fee)
    throw jobError('BAD_FUNDING', `funding transaction: it pays a fee of ${fee}, the job says ${job.fee}`)
}
