import type { Allowed } from './allowed.ts'
import {
  type CandidateRequest,
  type Candidates,
  requestAll,
  requestFrom,
  requestMore,
  requestTopK,
} from './candidates.ts'
import type { PositionNoise } from './noise.ts'
import type { GenerationRule } from './rule.ts'

/** Far more than any rounding, and far less than noise differs by. */
const SLACK = 1e-6

/** The noise of so many ids in a row takes about as long as that of one alone. */
const IDS_PER_LOOK = 50

/** score(v) = logit(v) + T·g(t,v), in logit units. */
export function scoreOf(logit: number, rule: GenerationRule, noise: PositionNoise, id: number): number {
  return rule.temperature === 0 ? logit : logit + rule.temperature * noise.at(id)
}

/** The allowed token with the highest score among those listed; of equal ones that with the lowest id. */
export function bestOf(
  { ids, logits, vocabularySize }: Candidates,
  rule: GenerationRule,
  noise: PositionNoise,
  allowed: Allowed,
) {
  let token = -1
  let best = Number.NEGATIVE_INFINITY
  const isMost = allowed.isOpen === true || allowed.count * IDS_PER_LOOK > vocabularySize
  if (rule.temperature > 0 && isMost) noise.fill(vocabularySize)
  for (let index = 0; index < allowed.count; index++) {
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
 * What to ask, for tokens that are not listed and could have a score as high as `best` for all that is known of their logits: they
 * decide. Undefined where there are none, so that the listed ones settle the choice.
 *
 * @param best of the allowed tokens that are listed
 * @param besides tokens that must be listed in any case, except where the filter's end is open
 */
export function requestRivals(
  candidates: Candidates,
  rule: GenerationRule,
  noise: PositionNoise,
  { allowed, best, besides = [] }: { readonly allowed: Allowed; readonly best: number; readonly besides?: number[] },
): CandidateRequest | undefined {
  const { ids, floor, top, vocabularySize } = candidates
  const lowest = (best - floor) / rule.temperature
  if (allowed.isOpen) {
    const likeliest = ids.slice(0, allowed.count)
    const isSettled = noise.idsFrom(lowest, vocabularySize).every((id) => likeliest.includes(id))
    return isSettled ? undefined : requestTopK(rule, vocabularySize)
  }
  const ask = (rivals: readonly number[]): CandidateRequest | undefined => {
    const missing = [...rivals, ...besides].filter((id) => !ids.includes(id))
    return missing.length === 0 ? undefined : requestMore(candidates, missing)
  }
  // A filter ends among the listed tokens, so the others are not allowed.
  if (ids.length >= vocabularySize || allowed.count < ids.length) return ask([])
  // The engine lists the lowest of equal ids where it is asked for one.
  if (rule.temperature === 0) return floor < best || top === 1 ? ask([]) : requestAll(vocabularySize)
  const loud = noise.loud(vocabularySize)
  const rivals = lowest < loud.bound ? loud.ids : noise.idsFrom(lowest, vocabularySize)
  const request = ask(rivals)
  if (request !== undefined || lowest >= loud.bound) return request
  // A model that is unsure of a large vocabulary. What is less likely than this has too little noise to make up for it.
  return requestFrom(candidates, best - rule.temperature * (loud.bound + SLACK))
}
