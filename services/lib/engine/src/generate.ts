import { setTimeout as sleep } from 'node:timers/promises'
import {
  type CandidateRequest,
  type Candidates,
  type GenerateRequest,
  type GenerationRule,
  mayChooseAny,
  PositionNoise,
  requestCandidates,
  ruleOf,
  selectToken,
} from '@camelid/rastic'
import type { LlamaContextSequence } from 'node-llama-cpp'
import type { BatchGate } from './batch-gate.ts'
import { EngineError } from './errors.ts'
import { BATCH_TOKENS, type TokenReader } from './token-reader.ts'

export interface GenerateSetting {
  readonly sequence: LlamaContextSequence
  readonly reader: TokenReader
  readonly vocabularySize: number
  readonly inputTokens: readonly number[]
  /** So many of them are in the sequence already; fewer than all. */
  readonly heldTokens: number
  readonly endOfGeneration: (id: number) => boolean
  /** Waited after each token, milliseconds: tests slow the real engine with it. */
  readonly tokenDelayMs: number
  readonly nowUs: () => number
  /** Of all runs of one context. */
  readonly gate: BatchGate
}

/**
 * Tokens by the rule F, one after another: the prompt in one prefill, then each token as it was chosen
 * (rastic: The generation rule F). Stops at an end-of-generation token, which belongs to the output, or at maxTokens.
 */
export async function generateTokens(
  setting: GenerateSetting,
  { job, jobId, signal, onToken }: GenerateRequest,
): Promise<{ tokenIds: number[]; prefillUs: number; generateUs: number }> {
  const { gate, nowUs, endOfGeneration, tokenDelayMs } = setting
  if (setting.inputTokens.length === 0) throw new EngineError('EMPTY_PROMPT', 'there is no token to continue')
  const rule = ruleOf(job, jobId)
  const tokenIds: number[] = []
  const startUs = nowUs()
  let firstUs = startUs
  let unread = setting.inputTokens.slice(setting.heldTokens)
  try {
    // A batch at a time, so that nobody waits long for a job that was given up.
    for (; unread.length > BATCH_TOKENS; unread = unread.slice(BATCH_TOKENS)) {
      signal.throwIfAborted()
      await setting.reader.read(setting.sequence, unread.slice(0, BATCH_TOKENS), [])
    }
    while (tokenIds.length < job.maxTokens) {
      signal.throwIfAborted()
      const token = await nextToken(setting, rule, unread, setting.inputTokens.length + tokenIds.length)
      if (tokenIds.length === 0) {
        firstUs = nowUs()
        gate.join()
      }
      tokenIds.push(token)
      onToken?.(tokenIds.length)
      if (endOfGeneration(token) || tokenIds.length === job.maxTokens) break
      unread = [token]
      if (tokenDelayMs > 0) await sleep(tokenDelayMs, undefined, { signal })
      await gate.step()
    }
  } finally {
    if (tokenIds.length > 0) gate.leave()
  }
  return { tokenIds, prefillUs: firstUs - startUs, generateUs: nowUs() - firstUs }
}

/** F's choice at index `position` of R, once `unread` is read. */
async function nextToken(
  { sequence, reader, vocabularySize }: GenerateSetting,
  rule: GenerationRule,
  unread: readonly number[],
  position: number,
): Promise<number> {
  let token: number | undefined
  const noise = new PositionNoise(rule.key, position)
  const judge = (answer: Candidates): CandidateRequest | undefined => {
    const { found, ask } = selectToken(answer, rule, position, noise)
    token = found?.token
    return ask
  }
  const request = requestCandidates(rule, vocabularySize)
  const ahead = mayChooseAny(rule) ? { prepare: () => noise.prepare(vocabularySize) } : {}
  await reader.read(sequence, unread, [{ after: unread.length - 1, request, judge, ...ahead }])
  if (token === undefined) throw new EngineError('ENGINE_FAILED', 'no token was chosen')
  return token
}
