import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Candidates,
  type GenerateRequest,
  type GenerationRule,
  requestAll,
  requestCandidates,
  ruleOf,
  selectToken,
} from '@camelid/rastic'
import type { LlamaContextSequence } from 'node-llama-cpp'
import type { BatchGate } from './batch-gate.ts'
import { EngineError } from './errors.ts'
import { readTokens, readWith, toToken } from './read-logits.ts'

export interface GenerateSetting {
  readonly sequence: LlamaContextSequence
  readonly vocabularySize: number
  readonly inputTokens: readonly number[]
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
  const rule = ruleOf(job, jobId)
  const tokenIds: number[] = []
  const startUs = nowUs()
  let firstUs = startUs
  let unread = setting.inputTokens
  try {
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
  { sequence, vocabularySize }: GenerateSetting,
  rule: GenerationRule,
  unread: readonly number[],
  position: number,
): Promise<number> {
  const last = unread.at(-1)
  if (last === undefined) throw new EngineError('EMPTY_PROMPT', 'there is no token to continue')
  const few = requestCandidates(rule, position, vocabularySize)
  const read = async (ids: readonly number[], request = few): Promise<Candidates | undefined> => {
    const items = [...ids.map(toToken), readWith(last, request)]
    return (await readTokens(sequence, items, [request], vocabularySize))[0]
  }
  const candidates = await read(unread.slice(0, -1))
  const choice = candidates && selectToken(candidates, rule, position, few.noiseCap)
  if (choice !== undefined) return choice.token
  // The few do not settle it: the last token once more, for all logits.
  await sequence.eraseContextTokenRanges([{ start: position - 1, end: position }])
  const all = await read([], requestAll(vocabularySize))
  const settled = all && selectToken(all, rule, position)
  if (settled === undefined) throw new EngineError('ENGINE_FAILED', 'all logits of a position do not settle its token')
  return settled.token
}
