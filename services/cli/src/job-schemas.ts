import { z } from 'zod'
import { usage } from './cli-error.ts'

/** What the client's API says of jobs; fields that this program does not show are let through. */
export const jobSummary = z.looseObject({
  jobId: z.string(),
  state: z.string(),
  model: z.string(),
  createdMs: z.number(),
  tokens: z.number(),
  reward: z.string(),
  fee: z.string(),
  verdict: z.string().optional(),
  checkedBy: z.string().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
})

const balances = z.object({ client: z.string().nullable(), node: z.string().nullable() })

const receipt = z.looseObject({
  jobId: z.string(),
  model: z.string(),
  modelSha256: z.string(),
  input: z.string(),
  output: z.string(),
  tokens: z.number(),
  node: z.string(),
  txid: z.string(),
  blockHash: z.string().nullable(),
  height: z.number().nullable(),
  confirmations: z.number(),
  reward: z.string(),
  fee: z.string(),
  verdict: z.string(),
  checkedBy: z.enum(['self', 'neighbours']).default('self'),
  neighbours: z.number().default(0),
  reason: z.string(),
  positionsChecked: z.number(),
  misses: z.number(),
  nearTies: z.number(),
  maxMargin: z.number().nullable(),
  firstDivergence: z.number(),
  verifyMs: z.number(),
  generateMs: z.number(),
  latencyMs: z.number(),
  balances: z.object({ before: balances, after: balances }),
})
export type Receipt = z.output<typeof receipt>

export const jobDetail = jobSummary.extend({
  input: z.string(),
  events: z.array(z.object({ stage: z.string(), at: z.number() })),
  output: z.string().optional(),
  receipt: receipt.optional(),
})

export const stageEvent = z.object({
  stage: z.string(),
  at: z.number(),
  tokens: z.number().optional(),
  detail: z.string().optional(),
})

/** Errors: USAGE. */
export function checkJobId(text: string): string {
  if (!/^[0-9a-fA-F]{64}$/.test(text))
    throw usage(`"${text}" is no job id: 64 hex digits, as camelid job list shows them`)
  return text.toLowerCase()
}

/** Errors: USAGE. */
export function toNumber(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw usage(`${option} ${text}: give a number`)
  return value
}
