import { allowTokens } from './allowed.ts'
import type { Candidates } from './candidates.ts'
import { NOISE_LIMIT, PositionNoise } from './noise.ts'
import type { GenerationRule } from './rule.ts'

export interface Choice {
  /** F's token. */
  readonly token: number
  /** How far the next best allowed token that was listed is behind, in logit units; Infinity where there is none. */
  readonly lead: number
}

/**
 * F: the token that follows at index `position` of R (rastic: The generation rule F). Undefined where the listed logits do
 * not settle it; all logits always do.
 *
 * @param noiseCap of the request that the candidates answer
 */
export function selectToken(
  candidates: Candidates,
  rule: GenerationRule,
  position: number,
  noiseCap = NOISE_LIMIT,
): Choice | undefined {
  const allowed = allowTokens(candidates, rule)
  if (allowed === undefined) return undefined
  const noise = new PositionNoise(rule.key, position)
  let token = -1
  let best = Number.NEGATIVE_INFINITY
  let second = Number.NEGATIVE_INFINITY
  for (let index = 0; index < allowed.count; index++) {
    const id = candidates.ids[index] ?? -1
    const score = scoreOf(candidates.logits[index] ?? Number.NaN, rule, noise, id)
    if (score > best || (score === best && id < token)) {
      second = best
      best = score
      token = id
    } else if (score > second) second = score
  }
  if (token < 0 || unlistedMayWin(candidates, rule, allowed.count, best, noiseCap)) return undefined
  return { token, lead: best - second }
}

/** score(v) = logit(v) + T·g(t,v), in logit units. */
export function scoreOf(logit: number, rule: GenerationRule, noise: PositionNoise, id: number): number {
  return rule.temperature === 0 ? logit : logit + rule.temperature * noise.at(id)
}

/** Whether a token that is not listed could have a score as high as the best listed one. */
export function unlistedMayWin(
  candidates: Candidates,
  rule: GenerationRule,
  allowedCount: number,
  best: number,
  noiseCap: number,
): boolean {
  const everythingListed = candidates.ids.length >= candidates.vocabularySize
  // A filter ends among the listed tokens, so the others are not allowed.
  if (everythingListed || allowedCount < candidates.ids.length) return false
  return candidates.floor + rule.temperature * noiseCap >= best
}
