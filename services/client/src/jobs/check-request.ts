import { ClientError } from '../errors.ts'

/** What a caller may ask of the sampler and the length (protocol §5: field ranges). */
export interface RequestRanges {
  readonly segments: readonly { readonly text: string }[]
  readonly prefix: readonly number[]
  readonly maxTokens: number
  readonly temperature: number
  readonly topK: number
  readonly topP: number
}

const MAX_INPUT_BYTES = 256 * 1024

/**
 * Judges what needs neither model nor money, each range under its own name.
 * Errors: EMPTY_PROMPT, PROMPT_TOO_LONG, BAD_MAX_TOKENS, BAD_TEMPERATURE, BAD_SAMPLING.
 */
export function checkRequest({ segments, prefix, maxTokens, temperature, topK, topP }: RequestRanges): void {
  if (prefix.length === 0 && segments.every(({ text }) => text.length === 0)) {
    throw new ClientError(
      'EMPTY_PROMPT',
      'the prompt is empty: write what the model shall continue, e.g. "Once upon a time"',
    )
  }
  if (segments.some(({ text }) => !text.isWellFormed())) {
    throw new ClientError('BAD_REQUEST', 'the prompt is no well-formed Unicode (a lone surrogate): send UTF-8 text')
  }
  const bytes = segments.reduce((sum, { text }) => sum + Buffer.byteLength(text), 4 * prefix.length)
  if (bytes > MAX_INPUT_BYTES) {
    throw new ClientError(
      'PROMPT_TOO_LONG',
      `the prompt has ${bytes} bytes, a job carries at most ${MAX_INPUT_BYTES}: shorten it`,
      { data: { bytes, maxBytes: MAX_INPUT_BYTES } },
    )
  }
  if (!Number.isInteger(maxTokens) || maxTokens < 1 || maxTokens > 65_536) {
    throw new ClientError('BAD_MAX_TOKENS', `maxTokens is ${maxTokens}: give a whole number from 1 to 65536`)
  }
  if (!(temperature >= 0 && temperature <= 5)) {
    throw new ClientError('BAD_TEMPERATURE', `temperature is ${temperature}: give a number from 0 (greedy) to 5`)
  }
  if (!Number.isInteger(topK) || topK < 0 || topK > 0xffffffff) {
    throw new ClientError('BAD_SAMPLING', `topK is ${topK}: give a whole number, 0 for all`)
  }
  if (!(topP > 0 && topP <= 1)) {
    throw new ClientError('BAD_SAMPLING', `topP is ${topP}: give a number above 0, at most 1`)
  }
}

/**
 * Whether the model can read the prompt and write the tokens asked for. Errors: PROMPT_TOO_LONG.
 * `promptTokens`: input and prefix together; `contextSize`: what the model holds at once, both in tokens.
 */
export function checkContext(input: { promptTokens: number; maxTokens: number; contextSize: number }): void {
  const { promptTokens, maxTokens, contextSize } = input
  if (promptTokens + maxTokens <= contextSize) return
  const room = contextSize - promptTokens
  const fix = room > 0 ? `lower maxTokens to ${room} or shorten the prompt` : 'shorten the prompt'
  throw new ClientError(
    'PROMPT_TOO_LONG',
    `the prompt has ${promptTokens} tokens and ${maxTokens} are asked for, the model holds ${contextSize}: ${fix}`,
    { data: { promptTokens, maxTokens, contextSize } },
  )
}
