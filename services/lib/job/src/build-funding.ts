import { encodeTransaction, type Job, jobId, type OutPoint, type Transaction, type TxOut } from '@camelid/codec'
import { escrowScript, type NetworkParams, p2pkhScript, signP2pkhInput } from '@camelid/consensus'
import { jobError } from './errors.ts'
import { JOB_SEQUENCE, JOB_TX_VERSION, MIN_CHANGE, MIN_FEE_RATE, PAYMENT_EXTRA_FEE } from './transactions.ts'

/** A confirmed, mature, unreserved P2PKH output of the client, with the key that spends it. */
export type FundingCoin = {
  readonly outpoint: OutPoint
  readonly value: bigint
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
}

/** A job before its coins are chosen. `fee` is what the client offers; the job pays at least what F and P need. */
export type JobTerms = Omit<Job, 'fundingOutpoint'>

export type Funding = {
  readonly job: Job
  readonly jobId: Uint8Array
  readonly funding: Transaction
  /** Base units that come back to the client in F; 0 where the remainder went into the fee. */
  readonly change: bigint
}

/** Sizes in bytes; signatures at their longest. */
const INPUT_SIZE = 149n
const OVERHEAD_SIZE = 48n
const OUTPUT_SIZE = 34n
const ESCROW_SIZE = 52n

/** The least fee for which both F and P are relayed, in base units. */
export function leastFundingFee(inputs: number): bigint {
  const size = OVERHEAD_SIZE + BigInt(inputs) * INPUT_SIZE + ESCROW_SIZE + OUTPUT_SIZE
  return (size + PAYMENT_EXTRA_FEE) * MIN_FEE_RATE
}

/**
 * Completes the job with its funding outpoint and fee, and signs F (protocol §5): reward into escrow, change back.
 * A remainder under MIN_CHANGE goes into the fee, so the job's fee is final only here. @throws JobError INSUFFICIENT_FUNDS
 */
export function buildFunding(options: {
  readonly terms: JobTerms
  readonly coins: readonly FundingCoin[]
  /** hash160 of the key the change goes to. */
  readonly changeHash: Uint8Array
  readonly params: NetworkParams
}): Funding {
  const { terms, coins, changeHash, params } = options
  const first = coins[0]
  if (first === undefined) throw jobError('INSUFFICIENT_FUNDS', 'no coins to fund the job with')
  const least = leastFundingFee(coins.length)
  let wanted = terms.fee
  if (wanted < least) wanted = least
  const total = coins.reduce((sum, coin) => sum + coin.value, 0n)
  const rest = total - terms.reward - wanted
  if (rest < 0n) {
    const missing = -rest
    throw jobError('INSUFFICIENT_FUNDS', `the coins are ${missing} base units short of reward and fee`, { missing })
  }
  const change = rest >= MIN_CHANGE ? rest : 0n
  const job: Job = { ...terms, fee: wanted + (rest - change), fundingOutpoint: first.outpoint }
  const id = jobId(job)
  const vout: TxOut[] = [
    { value: job.reward, scriptPubKey: escrowScript(escrowExpiry(job, params), job.clientKey) },
    ...(change > 0n ? [{ value: change, scriptPubKey: p2pkhScript(changeHash) }] : []),
  ]
  const unsigned: Transaction = {
    version: JOB_TX_VERSION,
    vin: coins.map((coin) => ({ prevout: coin.outpoint, scriptSig: new Uint8Array(0), sequence: JOB_SEQUENCE })),
    vout,
    lockTime: job.timelock + params.contestWindow,
    jobId: id,
  }
  const funding: Transaction = {
    ...unsigned,
    vin: unsigned.vin.map((input, index) => {
      const coin = coins[index]
      if (coin === undefined) throw new Error('unreachable: one coin an input')
      return { ...input, scriptSig: signP2pkhInput(unsigned, index, coin.privateKey, coin.publicKey) }
    }),
  }
  if (encodeTransaction(funding).length > params.maxTransactionBytes) {
    throw jobError('INSUFFICIENT_FUNDS', 'the coins are too many and small for one transaction: join them first')
  }
  return { job, jobId: id, funding, change }
}

/** When the client may take the escrow back, Unix seconds: the latest that the protocol allows is timelock + 2W. */
export function escrowExpiry(job: { readonly timelock: number }, params: NetworkParams): number {
  return job.timelock + 2 * params.contestWindow
}
