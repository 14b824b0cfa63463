import { type Allowed, allowTokens } from './allowed.ts'
import { type Candidates, requestAll, requestTopK } from './candidates.ts'
import { PositionNoise } from './noise.ts'
import type { GenerationRule } from './rule.ts'
import { bestOf, requestRivals, scoreOf } from './score.ts'
import type { Settled } from './select-token.ts'

export interface Margin {
  /** F's choice. */
  readonly expected: number
  /** How far the claimed token is from being F's choice, in logit units, ≥ 0; Infinity where no shift of logits makes it. */
  readonly margin: number
}

/**
 * The margin of a claimed token: the least shift of logit differences after which F would choose it
 * (rastic: The generation rule F). The claimed token may have to be let in past a filter's border; each token with a higher score
 * must be overtaken or kept out. Without a filter that is max score − score(claimed).
 *
 * @param noise of this position, where it is there already
 */
export function marginOf(
  candidates: Candidates,
  rule: GenerationRule,
  position: number,
  claimed: number,
  noise = new PositionNoise(rule.key, position),
): Settled<Margin> {
  const allowed = allowTokens(candidates, rule)
  if (allowed === undefined) return { ask: requestAll(candidates.vocabularySize) }
  const { token, best } = bestOf(candidates, rule, noise, allowed)
  const ask = requestRivals(candidates, rule, noise, { allowed, best, besides: [claimed] })
  if (ask !== undefined) return { ask }
  if (allowed.isOpen && token !== claimed) return { ask: requestTopK(rule, candidates.vocabularySize) }
  const margin = token === claimed ? 0 : Math.max(0, shiftTo(claimed, candidates, rule, noise, allowed))
  return { found: { expected: token, margin } }
}

function shiftTo(
  claimed: number,
  { ids, logits }: Candidates,
  rule: GenerationRule,
  noise: PositionNoise,
  allowed: Allowed,
): number {
  const at = ids.indexOf(claimed)
  const claimedScore = scoreOf(logits[at] ?? Number.NaN, rule, noise, claimed)
  let margin = allowed.entryCost(at)
  for (let index = 0; index < allowed.count; index++) {
    const id = ids[index] ?? -1
    const behind = scoreOf(logits[index] ?? Number.NaN, rule, noise, id) - claimedScore
    if (id !== claimed && behind > margin) margin = Math.max(margin, Math.min(behind, allowed.exitCost(index)))
  }
  return margin
}
