import { CodedError } from '@camelid/errors'
import { z } from 'zod'
import type { JobDetail } from './client-api.ts'
import type { Balances } from './parties.ts'

/** The client's account of a finished job; amounts in base units as strings. */
const receiptSchema = z.looseObject({
  jobId: z.string(),
  model: z.string(),
  modelSha256: z.string(),
  input: z.string(),
  output: z.string(),
  tokens: z.number(),
  txid: z.string(),
  blockHash: z.string(),
  height: z.number(),
  confirmations: z.number(),
  reward: z.string(),
  fee: z.string(),
  verdict: z.string(),
  positionsChecked: z.number(),
  misses: z.number(),
  maxMargin: z.union([z.number(), z.string()]),
  verifyMs: z.number(),
  generateMs: z.number(),
  reason: z.string().optional(),
  firstDivergence: z.number().optional(),
})

type BalancesView = { readonly client: string; readonly node: string }
export type Receipt = z.infer<typeof receiptSchema> & {
  readonly balances: { readonly before: BalancesView; readonly after: BalancesView }
}

/**
 * @throws CodedError NO_RECEIPT where the job has not come to an end with a payment
 */
export function makeReceipt(job: JobDetail, before: Balances, after: Balances): Receipt {
  const parsed = receiptSchema.safeParse(job.receipt)
  if (!parsed.success) {
    const reason = job.error ? `${job.error.code}: ${job.error.message}` : z.prettifyError(parsed.error)
    throw new CodedError('NO_RECEIPT', `job ${job.jobId} ended as ${job.state} without a receipt: ${reason}`)
  }
  return { ...parsed.data, balances: { before: view(before), after: view(after) } }
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
