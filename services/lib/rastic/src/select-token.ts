import { allowTokens } from './allowed.ts'
import { type CandidateRequest, type Candidates, requestAll } from './candidates.ts'
import { PositionNoise } from './noise.ts'
import type { GenerationRule } from './rule.ts'
import { bestOf, requestRivals } from './score.ts'

/** What was looked for, or what must be asked to settle it; all logits always do. */
export type Settled<T> =
  | { readonly found: T; readonly ask?: undefined }
  | { readonly found?: undefined; readonly ask: CandidateRequest }

export interface Choice {
  /** F's token. */
  readonly token: number
}

/**
 * F: the token that follows at index `position` of R (rastic: The generation rule F).
 *
 * @param noise of this position, where it is there already
 */
export function selectToken(
  candidates: Candidates,
  rule: GenerationRule,
  position: number,
  noise = new PositionNoise(rule.key, position),
): Settled<Choice> {
  const allowed = allowTokens(candidates, rule)
  if (allowed === undefined) return { ask: requestAll(candidates.vocabularySize) }
  const { token, best } = bestOf(candidates, rule, noise, allowed)
  const ask = requestRivals(candidates, rule, noise, { allowed, best })
  return ask === undefined ? { found: { token } } : { ask }
}
