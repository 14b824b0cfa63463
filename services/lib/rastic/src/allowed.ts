import type { Candidates } from './candidates.ts'
import type { GenerationRule } from './rule.ts'

/**
 * The tokens that top-k and top-p leave, and how far each other token is from the border: what an honest node whose logits
 * differ in the last bits might have had on the other side of it (rastic: The generation rule F, "slack at the border").
 * Costs are in logit units: by so much would differences between logits have to move.
 */
export interface Allowed {
  /** The first so many of the candidates. */
  readonly count: number
  /** What it takes to let candidate `index` in; 0 where it is allowed. */
  entryCost(index: number): number
  /** What it takes to keep candidate `index` out; Infinity where no filter could. */
  exitCost(index: number): number
}

/** Undefined where the listed logits do not settle the border: all are needed. */
export function allowTokens(candidates: Candidates, rule: GenerationRule): Allowed | undefined {
  // Greedy: the highest logit passes every filter.
  if (rule.temperature === 0) return allowAll(candidates)
  const byRank = rule.topK > 0 && rule.topK < candidates.vocabularySize ? allowTopK(candidates, rule.topK) : 'all'
  if (byRank === undefined) return undefined
  if (rule.topP >= 1) return byRank === 'all' ? allowAll(candidates) : byRank
  const byMass = allowTopP(candidates, rule, byRank === 'all' ? undefined : byRank.count)
  if (byMass === undefined || byRank === 'all') return byMass
  return {
    count: Math.min(byRank.count, byMass.count),
    entryCost: (index) => Math.max(byRank.entryCost(index), byMass.entryCost(index)),
    exitCost: (index) => Math.min(byRank.exitCost(index), byMass.exitCost(index)),
  }
}

function allowAll(candidates: Candidates): Allowed {
  return { count: candidates.ids.length, entryCost: () => 0, exitCost: () => Number.POSITIVE_INFINITY }
}

function allowTopK({ logits, floor }: Candidates, topK: number): Allowed | undefined {
  const lastIn = logits[topK - 1]
  // A token at the floor may tie with one that is not listed and has a lower id.
  if (lastIn === undefined || lastIn <= floor) return undefined
  const firstOut = Math.max(logits[topK] ?? floor, floor)
  return {
    count: topK,
    entryCost: (index) => (index < topK ? 0 : lastIn - logitAt(logits, index)),
    exitCost: (index) => logitAt(logits, index) - firstOut,
  }
}

/** Top-p of the softmax over the first `among` candidates; over the whole vocabulary where `among` is undefined. */
function allowTopP(candidates: Candidates, rule: GenerationRule, among: number | undefined): Allowed | undefined {
  const { ids, logits, floor, vocabularySize } = candidates
  const { temperature, topP } = rule
  const highest = logitAt(logits, 0)
  const limit = among ?? ids.length
  // before[i]: the weight of the candidates ahead of i, in units of the first one's.
  const before = [0]
  for (let i = 0; i < limit; i++) {
    before.push((before[i] ?? 0) + Math.exp((logitAt(logits, i) - highest) / temperature))
  }
  const listed = before[limit] ?? 0
  const unlisted = among === undefined ? vocabularySize - ids.length : 0
  const total = listed + (unlisted > 0 ? unlisted * Math.exp((floor - highest) / temperature) : 0)
  const count = countToReach(before, topP * listed)
  // What is not listed weighs between nothing and `total − listed`: both must give the same border, above the floor.
  if (unlisted > 0 && (countToReach(before, topP * total) !== count || logitAt(logits, count - 1) <= floor))
    return undefined

  const lastIn = logitAt(logits, count - 1)
  const firstOut = count < limit ? logitAt(logits, count) : Number.NEGATIVE_INFINITY
  const massCost = (index: number): number =>
    temperature * (logOdds((before[Math.min(index, limit)] ?? listed) / total) - logOdds(topP))
  return {
    count,
    entryCost: (index) => (index < count ? 0 : Math.min(lastIn - logitAt(logits, index), Math.max(0, massCost(index)))),
    exitCost: (index) => Math.min(logitAt(logits, index) - firstOut, Math.max(0, -massCost(index))),
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

/** Indices here come from the candidates themselves, so there is a logit at each. */
function logitAt(logits: readonly number[], index: number): number {
  return logits[index] ?? Number.NEGATIVE_INFINITY
}
