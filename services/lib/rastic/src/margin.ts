import { allowTokens } from './allowed.ts'
import type { Candidates } from './candidates.ts'
import { NOISE_LIMIT, PositionNoise } from './noise.ts'
import type { GenerationRule } from './rule.ts'
import { scoreOf, unlistedMayWin } from './select-token.ts'

export interface Margin {
  /** F's choice. */
  readonly expected: number
  /** How far the claimed token is from being F's choice, in logit units, ≥ 0; Infinity where no shift of logits makes it. */
  readonly margin: number
}

/**
 * The margin of a claimed token: the least shift of logit differences after which F would choose it
 * (rastic: The generation rule F). The claimed token may have to be let in past a filter's border; each token with a higher score
 * must be overtaken or kept out. Without a filter that is max score − score(claimed). Undefined where the listed logits
 * do not settle it, as in `selectToken`, or where the claimed token is not listed; all logits always do.
 */
export function marginOf(
  candidates: Candidates,
  rule: GenerationRule,
  position: number,
  claimed: number,
  noiseCap = NOISE_LIMIT,
): Margin | undefined {
  const at = candidates.ids.indexOf(claimed)
  if (at < 0) return undefined
  const allowed = allowTokens(candidates, rule)
  if (allowed === undefined) return undefined
  const noise = new PositionNoise(rule.key, position)
  const claimedScore = scoreOf(candidates.logits[at] ?? Number.NaN, rule, noise, claimed)
  let expected = -1
  let best = Number.NEGATIVE_INFINITY
  let margin = allowed.entryCost(at)
  for (let index = 0; index < allowed.count; index++) {
    const id = candidates.ids[index] ?? -1
    const score = scoreOf(candidates.logits[index] ?? Number.NaN, rule, noise, id)
    if (score > best || (score === best && id < expected)) {
      best = score
      expected = id
    }
    const behind = score - claimedScore
    if (id !== claimed && behind > margin) margin = Math.max(margin, Math.min(behind, allowed.exitCost(index)))
  }
  if (expected < 0 || unlistedMayWin(candidates, rule, allowed.count, best, noiseCap)) return undefined
  return { expected, margin: expected === claimed ? 0 : Math.max(0, margin) }
}
