import type { Candidates } from './candidates.ts'
import type { PositionNoise } from './noise.ts'
import type { GenerationRule } from './rule.ts'

/** score(v) = logit(v) + T·g(t,v), in logit units. */
export function scoreOf(logit: number, rule: GenerationRule, noise: PositionNoise, id: number): number {
  return rule.temperature === 0 ? logit : logit + rule.temperature * noise.at(id)
}

/** The allowed token with the highest score among those listed; of equal ones that with the lowest id. */
export function bestOf({ ids, logits }: Candidates, rule: GenerationRule, noise: PositionNoise, allowed: number) {
  let token = -1
  let best = Number.NEGATIVE_INFINITY
  for (let index = 0; index < allowed; index++) {
    const id = ids[index] ?? -1
    const logit = logits[index] ?? Number.NaN
    if (rule.temperature > 0 && logit + rule.temperature * noise.limitOf(id) < best) continue
    const score = scoreOf(logit, rule, noise, id)
    if (score > best || (score === best && id < token)) {
      best = score
      token = id
    }
  }
  return { token, best }
}

/**
 * Tokens that are not listed and could have a score as high as `best` for all that is known of their logits; they decide, and
 * there are none where the listed ones settle the choice. Undefined where that takes all logits.
 *
 * @param allowed candidates that the filters leave
 */
export function unlistedRivals(
  candidates: Candidates,
  rule: GenerationRule,
  noise: PositionNoise,
  { allowed, best }: { readonly allowed: number; readonly best: number },
): readonly number[] | undefined {
  const { ids, floor, top, vocabularySize } = candidates
  // A filter ends among the listed tokens, so the others are not allowed.
  if (ids.length >= vocabularySize || allowed < ids.length) return []
  // The engine lists the lowest of equal ids where it is asked for one.
  if (rule.temperature === 0) return floor < best || top === 1 ? [] : undefined
  const listed = new Set(ids)
  return noise.idsFrom((best - floor) / rule.temperature, vocabularySize).filter((id) => !listed.has(id))
}
