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
      let least = Number.POSITIVE_INFINITY
      for (let ahead = Math.min(index, limit - 1); ahead >= 0; ahead--) {
        const overtake = ahead === index ? 0 : logitAt(ahead) - logitAt(index)
        if (overtake >= least) break
        least = Math.min(least, Math.max(overtake, -shiftToReach(before[ahead] ?? 0)))
      }
      return least
    },
    // Kept out: all up to `last` come ahead of it, and weigh topP without it.
    exitCost(index) {
      let least = Number.POSITIVE_INFINITY
      for (let last = 0; last < limit; last++) {
        const overtaken = last <= index ? 0 : logitAt(index) - logitAt(last)
        if (overtaken >= least) break
        const weight = (before[last + 1] ?? listed) - (last >= index ? weightAt(index) : 0)
        least = Math.min(least, Math.max(overtaken, 0, shiftToReach(weight)))
      }
      return least
    },
  }
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
