import { z } from 'zod'

/** The client's account of a checked job; amounts in base units as strings. More fields may come: they are kept. */
const receiptSchema = z.looseObject({
  jobId: z.string(),
  model: z.string(),
  modelSha256: z.string(),
  input: z.string(),
  output: z.string(),
  tokens: z.number(),
  txid: z.string(),
  /** Null until the payment is mined. */
  blockHash: z.string().nullable(),
  height: z.number().nullable(),
  confirmations: z.number(),
  reward: z.string(),
  fee: z.string(),
  verdict: z.string(),
  positionsChecked: z.number(),
  misses: z.number(),
  /** Logit units; null where a claimed token is none that the model could choose. */
  maxMargin: z.number().nullable(),
  verifyMs: z.number(),
  generateMs: z.number(),
  /** From posting the job to holding the checked output. */
  latencyMs: z.number(),
  reason: z.string(),
  /** Index in the output; -1 for none. */
  firstDivergence: z.number(),
})

/** GET /jobs/:id of the client. */
export const jobDetailSchema = z.object({
  jobId: z.string(),
  state: z.string(),
  events: z.array(z.object({ stage: z.string(), at: z.number() })),
  receipt: receiptSchema.optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
})

export type ClientReceipt = z.infer<typeof receiptSchema>
export type JobDetail = z.infer<typeof jobDetailSchema>
