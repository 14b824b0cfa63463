import { allowTokens } from './allowed.ts'
import { type CandidateRequest, type Candidates, requestAll, requestMore } from './candidates.ts'
import { PositionNoise } from './noise.ts'
import type { GenerationRule } from './rule.ts'
import { bestOf, unlistedRivals } from './score.ts'

/** What was looked for, or what must be asked to settle it; all logits always do. */
export type Settled<T> =
  | { readonly found: T; readonly ask?: undefined }
  | { readonly found?: undefined; readonly ask: CandidateRequest }

export interface Choice {
  /** F's token. */
  readonly token: number
  /** How far the next best allowed token that was listed is behind, in logit units; Infinity where there is none. */
  readonly lead: number
}

/** F: the token that follows at index `position` of R (rastic: The generation rule F). */
export function selectToken(candidates: Candidates, rule: GenerationRule, position: number): Settled<Choice> {
  const allowed = allowTokens(candidates, rule)
  if (allowed === undefined) return { ask: requestAll(candidates.vocabularySize) }
  const noise = new PositionNoise(rule.key, position)
  const { token, best, second } = bestOf(candidates, rule, noise, allowed.count)
  const rivals = unlistedRivals(candidates, rule, noise, { allowed: allowed.count, best })
  if (rivals === undefined) return { ask: requestAll(candidates.vocabularySize) }
  if (rivals.length > 0) return { ask: requestMore(candidates, rivals) }
  return { found: { token, lead: best - second } }
}
