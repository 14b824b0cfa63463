import type { Job } from '@camelid/codec'
import type { LlamaModel, Token } from 'node-llama-cpp'
import { EngineError } from './errors.ts'

/** Kind of a segment of chat-template text, in which special tokens are parsed (protocol: Job). */
const TEMPLATE_TEXT = 1

export interface TokenLimits {
  readonly vocabularySize: number
  readonly contextSize: number
  /** Bytes of text that one token stands for at most. */
  readonly longestToken: number
}

/** Bytes of a character that no token knows: it becomes one token of its own. */
const LONGEST_CHARACTER = 4

/** How much text a token can stand for, over the whole vocabulary. */
export function longestTokenOf(model: LlamaModel): number {
  let longest = LONGEST_CHARACTER
  for (const token of model.iterateAllTokens())
    longest = Math.max(longest, Buffer.byteLength(model.detokenize([token], true)))
  return longest
}

/**
 * Input tokens of a job: BOS as the model asks, the segments in order, the prefix ids (protocol: Job).
 *
 * @throws EngineError EMPTY_PROMPT, PROMPT_TOO_LONG, BAD_TOKEN_ID
 */
export function tokenizeInput(
  model: LlamaModel,
  limits: TokenLimits,
  input: Job['input'],
  prefix: readonly number[],
): number[] {
  if (prefix.length === 0 && input.every((segment) => segment.text === '')) {
    throw new EngineError('EMPTY_PROMPT', 'the prompt is empty: give the model some text to continue')
  }
  checkTokenIds(prefix, limits.vocabularySize)
  // Tokenising takes quadratic time on some texts, so what cannot fit is not tokenised.
  const bytes = input.reduce((sum, segment) => sum + Buffer.byteLength(segment.text), 0)
  if (bytes > limits.contextSize * limits.longestToken) {
    const detail = `the prompt has ${bytes} bytes, which is more than ${limits.contextSize} tokens, the model's context, can hold: shorten it`
    throw new EngineError('PROMPT_TOO_LONG', detail, { data: { bytes, contextSize: limits.contextSize } })
  }
  const { bos, shouldPrependBosToken } = model.tokens
  const start = shouldPrependBosToken && bos !== null ? [bos] : []
  const text = input.flatMap((segment) => model.tokenize(segment.text, segment.kind === TEMPLATE_TEXT))
  return [...start, ...text, ...prefix]
}

/**
 * The detokeniser's bytes of prefix ‖ ids after those of prefix (protocol: Job). The library answers in text, in which bytes
 * that are no whole character stand as U+FFFD: an unfinished one at the prefix's end counts to the ids that finish it.
 *
 * @throws EngineError BAD_TOKEN_ID
 */
export function detokenizeAfter(
  model: LlamaModel,
  vocabularySize: number,
  prefix: readonly number[],
  ids: readonly number[],
): Uint8Array {
  checkTokenIds(prefix, vocabularySize)
  checkTokenIds(ids, vocabularySize)
  const whole = model.detokenize([...prefix, ...ids].map(toToken))
  const before = prefix.length === 0 ? '' : model.detokenize(prefix.map(toToken))
  return Buffer.from(whole.slice(whole.startsWith(before) ? before.length : before.replace(/�+$/, '').length), 'utf8')
}

/** Every id that comes here was range-checked, which is what the library's brand stands for. */
export function toToken(id: number): Token {
  return id as Token
}

/** The engine's native side ends the process on an id out of range, so none may get there. */
export function checkTokenIds(ids: readonly number[], vocabularySize: number): void {
  for (const id of ids) {
    if (Number.isInteger(id) && id >= 0 && id < vocabularySize) continue
    throw new EngineError('BAD_TOKEN_ID', `token id ${id} is outside the model's vocabulary of ${vocabularySize}`, {
      data: { id },
    })
  }
}
