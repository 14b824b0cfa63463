import { randomBytes } from 'node:crypto'
import { hexToBytes } from '@camelid/crypto'
import type { JobRequest } from '../jobs/create-job.ts'
import type { PostCompletion, PostJob } from './schemas.ts'

/** POST /jobs → what is bought. */
export function toJobRequest(body: PostJob): JobRequest {
  const { prompt, input, seed, preferredNode, ...rest } = body
  const segments =
    input === undefined
      ? [{ kind: 0 as const, text: prompt ?? '' }]
      : input.map(({ kind, text }) => ({ kind: kind === 'template' ? (1 as const) : (0 as const), text }))
  return {
    ...rest,
    segments,
    seed: seed ?? randomSeed(),
    preferredNode: preferredNode === undefined ? undefined : hexToBytes(preferredNode.toLowerCase()),
  }
}

/** POST /v1/completions → what is bought. Defaults are those of OpenAI's API, except that max_tokens is 64. */
export function toCompletionRequest(body: PostCompletion): JobRequest {
  const [prompt = ''] = typeof body.prompt === 'string' ? [body.prompt] : body.prompt
  return {
    model: body.model,
    segments: [{ kind: 0, text: prompt }],
    prefix: [],
    maxTokens: body.max_tokens ?? 64,
    temperature: body.temperature ?? 1,
    topK: 0,
    topP: body.top_p ?? 1,
    seed: body.seed === null || body.seed === undefined ? randomSeed() : BigInt(body.seed),
  }
}

function randomSeed(): bigint {
  return randomBytes(8).readBigUInt64LE()
}
