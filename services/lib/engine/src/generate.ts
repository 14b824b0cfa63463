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
import { EngineError } from './errors.ts'
import type { Sequence } from './reading/sequence.ts'
import type { TokenReader } from './reading/token-reader.ts'

export interface GenerateSetting {
  readonly sequence: Sequence
  readonly reader: TokenReader
  readonly vocabularySize: number
  readonly inputTokens: readonly number[]
  /** So many of them are in the sequence already; fewer than all. */
  readonly heldTokens: number
  readonly endOfGeneration: (id: number) => boolean
  /** Waited after each token, milliseconds: tests slow the real engine with it. */
  readonly tokenDelayMs: number
  readonly nowUs: () => number
}

/**
 * Tokens by the rule F, one after another: the prompt in one prefill, then each token as it was chosen
 * (rastic: The generation rule F). Stops at an end-of-generation token, which belongs to the output, or at maxTokens.
 */
export async function generateTokens(
  setting: GenerateSetting,
  { job, jobId, signal, onToken }: GenerateRequest,
): Promise<{ tokenIds: number[]; prefillUs: number; generateUs: number }> {
  const { nowUs, endOfGeneration, tokenDelayMs } = setting
  if (setting.inputTokens.length === 0) throw new EngineError('EMPTY_PROMPT', 'there is no token to continue')
  const rule = ruleOf(job, jobId)
  const tokenIds: number[] = []
  const startUs = nowUs()
  let firstUs = startUs
  let unread = setting.inputTokens.slice(setting.heldTokens)
  for (;;) {
    const position = setting.inputTokens.length + tokenIds.length
    const token = await nextToken(setting, rule, { unread, position, signal })
    if (tokenIds.length === 0) firstUs = nowUs()
    tokenIds.push(token)
    onToken?.(tokenIds.length)
    if (endOfGeneration(token) || tokenIds.length === job.maxTokens) break
    unread = [token]
    if (tokenDelayMs > 0) await sleep(tokenDelayMs, undefined, { signal })
  }
  return { tokenIds, prefillUs: firstUs - startUs, generateUs: nowUs() - firstUs }
}

/** F's choice at index `position` of R, once `unread` is read. */
async function nextToken(
  { sequence, reader, vocabularySize }: GenerateSetting,
  rule: GenerationRule,
  at: { readonly unread: readonly number[]; readonly position: number; readonly signal: AbortSignal },
): Promise<number> {
  const { unread, position, signal } = at
  let token: number | undefined
  const noise = new PositionNoise(rule.key, position)
  const judge = (answer: Candidates): CandidateRequest | undefined => {
    const { found, ask } = selectToken(answer, rule, position, noise)
    token = found?.token
    return ask
  }
  const request = requestCandidates(rule, vocabularySize)
  const ahead = mayChooseAny(rule) ? { prepare: () => noise.loud(vocabularySize) } : {}
  const wanted = [{ after: unread.length - 1, request, judge, ...ahead }]
  await reader.read(sequence, { tokens: unread, wanted, signal })
  if (token === undefined) throw new EngineError('ENGINE_FAILED', 'no token was chosen')
  return token
}
