import type { Allowed } from './allowed.ts'
import type { Candidates } from './candidates.ts'
import type { GenerationRule } from './rule.ts'

/**
 * Top-p of the softmax over the first `among` candidates; over the whole vocabulary where `among` is undefined. Undefined
 * where the listed logits do not settle the border.
 */
export function allowTopP(
  candidates: Candidates,
  rule: GenerationRule,
  among: number | undefined,
): Allowed | undefined {
  const { ids, logits, floor, vocabularySize } = candidates
  const { temperature, topP } = rule
  const logitAt = (index: number): number => logits[index] ?? Number.NEGATIVE_INFINITY
  const weightAt = (index: number): number => Math.exp((logitAt(index) - logitAt(0)) / temperature)
  const limit = among ?? ids.length
  // before[i]: the weight of the candidates ahead of i, in units of the first one's.
  const before = [0]
  for (let i = 0; i < limit; i++) before.push((before[i] ?? 0) + weightAt(i))
  const listed = before[limit] ?? 0
  const unlisted = among === undefined ? vocabularySize - ids.length : 0
  const total = listed + (unlisted > 0 ? unlisted * Math.exp((floor - logitAt(0)) / temperature) : 0)
  const count = countToReach(before, topP * listed)
  // What is not listed weighs between nothing and `total − listed`: both must give the same border, above the floor.
  if (unlisted > 0 && (countToReach(before, topP * total) !== count || logitAt(count - 1) <= floor)) return undefined

  // Where all logits of some candidates move by the shift against all others, the log-odds of their weight move by shift / T.
  // A candidate with nothing ahead of it is always in.
  const shiftToReach = (weight: number): number =>
    weight > 0 ? temperature * (logOdds(topP) - logOdds(weight / total)) : Number.POSITIVE_INFINITY
  return {
    count,
    // Let in: the first `ahead` candidates stay ahead, the others are overtaken, and those ahead weigh less than topP.
    entryCost(index) {
      if (index < count) return 0
      const overtake = (ahead: number): number => (ahead === index ? 0 : logitAt(ahead) - logitAt(index))
      const lighten = (ahead: number): number => -shiftToReach(before[ahead] ?? 0)
      const furthest = Math.min(index, limit - 1)
      return leastOfBoth(0, furthest, lighten, overtake)
    },
    // Kept out: all up to `last` come ahead of it, and weigh topP without it.
    exitCost(index) {
      const overtaken = (last: number): number => (last <= index ? 0 : Math.max(0, logitAt(index) - logitAt(last)))
      const weighEnough = (last: number): number =>
        shiftToReach((before[last + 1] ?? listed) - (last >= index ? weightAt(index) : 0))
      return Math.max(0, leastOfBoth(0, limit - 1, overtaken, weighEnough))
    },
  }
}

/** The least, over the integers of a range, of the larger of a function that never falls and one that never rises: where they cross. */
function leastOfBoth(from: number, to: number, rising: (x: number) => number, falling: (x: number) => number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rising(middle) >= falling(middle)) high = middle
    else low = middle + 1
  }
  const at = (x: number): number => (x < from || x > to ? Number.POSITIVE_INFINITY : Math.max(rising(x), falling(x)))
  return Math.min(at(low), at(low - 1))
}

/** The fewest candidates whose weight reaches `target`: at least one, the one that reaches it included. */
function countToReach(before: readonly number[], target: number): number {
  const count = before.findIndex((weight, index) => index > 0 && weight >= target)
  return count < 0 ? before.length - 1 : count
}

function logOdds(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY
  return p >= 1 ? Number.POSITIVE_INFINITY : Math.log(p / (1 - p))
}
