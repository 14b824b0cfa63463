import { CodedError } from '@camelid/errors'
import type { ClientReceipt, JobDetail } from './job-detail.ts'
import type { Balances } from './parties.ts'

type BalancesView = { readonly client: string; readonly node: string }

/** A paid and mined job, with what both parties held before and after; base units as strings. */
export type Receipt = ClientReceipt & {
  readonly blockHash: string
  readonly height: number
  readonly balances: { readonly before: BalancesView; readonly after: BalancesView }
}

/**
 * @throws CodedError NO_RECEIPT where the job has not come to an end with a payment
 */
export function makeReceipt(job: JobDetail, before: Balances, after: Balances): Receipt {
  const { receipt } = job
  if (!receipt || receipt.blockHash === null || receipt.height === null) {
    const reason = job.error ? `: ${job.error.message}` : ''
    throw new CodedError('NO_RECEIPT', `job ${job.jobId} ended as ${job.state} without a mined payment${reason}`)
  }
  const { blockHash, height } = receipt
  return { ...receipt, blockHash, height, balances: { before: view(before), after: view(after) } }
}

/** A checked and paid job changes balances by exactly the reward and the fee. */
export function balancesAgree(receipt: Receipt): boolean {
  const { before, after } = receipt.balances
  const reward = BigInt(receipt.reward)
  const paid = reward + BigInt(receipt.fee)
  return BigInt(before.client) - BigInt(after.client) === paid && BigInt(after.node) - BigInt(before.node) === reward
}

function view(balances: Balances): BalancesView {
  return { client: String(balances.client), node: String(balances.node) }
}
