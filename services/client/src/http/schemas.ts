import { z } from 'zod'
import { baseUnits, seed64 } from './amounts.ts'

/** What a request body may be at most, in bytes: the input's 256 KiB (protocol §5), escaped as JSON, with room. */
export const MAX_BODY_BYTES = 1 << 20

const segment = z.strictObject({
  /** user: special tokens are text; template: they are parsed (protocol §5, kind 0 and 1). */
  kind: z.enum(['user', 'template']).default('user'),
  text: z.string(),
})

/** POST /jobs. Ranges that have errors of their own are judged in jobs/check-request.ts. */
export const postJob = z
  .strictObject({
    model: z.string().min(1).max(64),
    prompt: z.string().optional(),
    input: z.array(segment).max(64).optional(),
    /** Ids of an output that this job continues. */
    prefix: z.array(z.int().min(0).max(0xffffffff)).max(65_536).default([]),
    maxTokens: z.number().default(64),
    temperature: z.number().default(0.8),
    topK: z.number().default(0),
    topP: z.number().default(1),
    seed: seed64.optional(),
    reward: baseUnits.optional(),
    fee: baseUnits.optional(),
    preferredNode: z
      .string()
      .regex(/^[0-9a-fA-F]{66}$/, 'preferredNode is a compressed public key: 66 hex digits')
      .optional(),
  })
  .refine((body) => body.prompt === undefined || body.input === undefined, 'give prompt or input, not both')

export type PostJob = z.output<typeof postJob>

/** POST /wallet/send. */
export const postSend = z.strictObject({
  address: z.string().min(1).max(64),
  amount: baseUnits,
  /** Base units a byte. */
  feeRate: z.int().min(1).max(10_000).default(2),
})

export const jobParams = z.object({ id: z.string().regex(/^[0-9a-f]{64}$/, 'a job id is 64 hex digits') })
export const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(50) })

/** POST /v1/completions as OpenAI's clients send it; fields that we cannot honour are refused rather than ignored. */
export const postCompletion = z.object({
  model: z.string().min(1).max(64),
  prompt: z.union([z.string(), z.array(z.string()).length(1, 'one prompt a request')]),
  max_tokens: z.number().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  seed: z.number().int().nonnegative().nullish(),
  stream: z.boolean().nullish(),
  n: z.literal(1, 'n is 1: each completion is a job of its own').nullish(),
  echo: z.literal(false, 'echo is not offered').nullish(),
  stop: z.null('stop is not offered: a completion ends at the end-of-generation token or at max_tokens').optional(),
  logprobs: z.null('logprobs are not offered').optional(),
  best_of: z.literal(1, 'best_of is 1').nullish(),
  suffix: z.null('suffix is not offered').optional(),
})

export type PostCompletion = z.output<typeof postCompletion>
