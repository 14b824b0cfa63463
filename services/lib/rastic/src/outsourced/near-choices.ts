import { allowTokens } from '../allowed.ts'
import { type CandidateRequest, type Candidates, requestAll, requestCandidates, requestTopK } from '../candidates.ts'
import type { Engine } from '../engine.ts'
import { RasticError } from '../errors.ts'
import { marginOf } from '../margin.ts'
import { PositionNoise } from '../noise.ts'
import type { GenerationRule } from '../rule.ts'
import { bestOf, requestRivals, scoreOf } from '../score.ts'
import type { Settled } from '../select-token.ts'
import { MAX_CHOICES } from './question.ts'

/** Greedy choices, too, may have near-ties: so many logits show them. */
const GREEDY_TOP = 8
/** Candidates by score whose margins are computed; a near-tie is among the first few. */
const MAX_WEIGHED = 32

/**
 * F's choice at the index after `tokens`, and after it the tokens that an honest node may have chosen there instead: those with
 * a margin up to `tau`, by rising margin, MAX_CHOICES in all.
 *
 * @throws RasticError BAD_LOGITS; errors of the engine
 */
export async function nearChoices(args: {
  readonly engine: Pick<Engine, 'evaluate' | 'model'>
  readonly rule: GenerationRule
  /** R up to X, input first. */
  readonly tokens: readonly number[]
  readonly tau: number
  readonly signal: AbortSignal
}): Promise<readonly number[]> {
  const { engine, rule, tokens, tau, signal } = args
  let found: readonly number[] | undefined
  const noise = new PositionNoise(rule.key, tokens.length)
  const judge = (answer: Candidates): CandidateRequest | undefined => {
    const settled = settleChoices(answer, rule, tokens.length, tau, noise)
    found = settled.found
    return settled.ask
  }
  const request = firstRequest(rule, engine.model.vocabularySize)
  await engine.evaluate({ tokens, wanted: [{ after: tokens.length - 1, request, judge }], signal })
  if (found === undefined) throw new RasticError('BAD_LOGITS', `the engine left out position ${tokens.length}`)
  return found
}

function firstRequest(rule: GenerationRule, vocabularySize: number): CandidateRequest {
  if (rule.temperature > 0) return requestCandidates(rule, vocabularySize)
  return { top: Math.min(GREEDY_TOP, vocabularySize), tokens: [] }
}

/**
 * The choices, or what has to be asked to be sure of them.
 *
 * @param noise of this position, where it is there already
 */
export function settleChoices(
  candidates: Candidates,
  rule: GenerationRule,
  position: number,
  tau: number,
  noise = new PositionNoise(rule.key, position),
): Settled<readonly number[]> {
  const allowed = allowTokens(candidates, rule)
  if (allowed === undefined) return { ask: requestAll(candidates.vocabularySize) }
  if (allowed.isOpen) return { ask: requestTopK(rule, candidates.vocabularySize) }
  const { token, best } = bestOf(candidates, rule, noise, allowed)
  const ask = requestRivals(candidates, rule, noise, { allowed, best: best - tau })
  if (ask !== undefined) return { ask }
  const others = candidates.ids
    .map((id, index) => ({ id, score: scoreOf(candidates.logits[index] ?? Number.NaN, rule, noise, id) }))
    .filter(({ id }) => id !== token)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_WEIGHED)
    .map(({ id }) => ({
      id,
      margin: marginOf(candidates, rule, position, id, noise).found?.margin ?? Number.POSITIVE_INFINITY,
    }))
    .filter(({ margin }) => margin <= tau)
    .sort((a, b) => a.margin - b.margin)
  return { found: [token, ...others.map(({ id }) => id)].slice(0, MAX_CHOICES) }
}
