import type { Job } from '@camelid/codec'
import { EngineError } from './errors.ts'
import type { NativeModel } from './llama/native-model.ts'

/** Kind of a segment of chat-template text, in which special tokens are parsed (protocol: Job). */
const TEMPLATE_TEXT = 1

export interface TokenLimits {
  readonly vocabularySize: number
  readonly contextSize: number
  /** Bytes of text that one token stands for at most. */
  readonly longestToken: number
  /** Bytes of text that are tokenised at a time at most. */
  readonly longestText: number
}

/** Bytes of a character that no token knows: it becomes one token of its own. */
const LONGEST_CHARACTER = 4

/** How much text a token can stand for, over the whole vocabulary. */
export function longestTokenOf(model: NativeModel): number {
  let longest = LONGEST_CHARACTER
  for (let id = 0; id < model.vocabularySize; id++) longest = Math.max(longest, model.detokenize([id], true).length)
  return longest
}

/**
 * Input tokens of a job: BOS as the model asks, the segments in order, the prefix ids (protocol: Job).
 *
 * @throws EngineError EMPTY_PROMPT, PROMPT_TOO_LONG, BAD_TOKEN_ID
 */
export function tokenizeInput(
  model: NativeModel,
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
  const longest = input.reduce((most, segment) => Math.max(most, Buffer.byteLength(segment.text)), 0)
  if (longest > limits.longestText) {
    const detail = `a part of the prompt has ${longest} bytes, but this model's tokenizer takes ${limits.longestText} at a time: shorten it, or post it in parts`
    throw new EngineError('PROMPT_TOO_LONG', detail, { data: { bytes: longest, limit: limits.longestText } })
  }
  const start = model.firstToken === undefined ? [] : [model.firstToken]
  const text = input.flatMap((segment) => model.tokenize(segment.text, segment.kind === TEMPLATE_TEXT))
  return [...start, ...text, ...prefix]
}

/**
 * The detokeniser's bytes of prefix ‖ ids after those of prefix (protocol: Job). A character whose bytes are of both belongs to
 * both, a part each.
 *
 * @throws EngineError BAD_TOKEN_ID
 */
export function detokenizeAfter(
  model: NativeModel,
  vocabularySize: number,
  prefix: readonly number[],
  ids: readonly number[],
): Uint8Array {
  checkTokenIds(prefix, vocabularySize)
  checkTokenIds(ids, vocabularySize)
  const whole = model.detokenize([...prefix, ...ids])
  return prefix.length === 0 ? whole : whole.subarray(model.detokenize(prefix).length)
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
