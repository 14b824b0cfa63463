import type { Candidates } from './candidates.ts'
import { allowTopP } from './nucleus.ts'
import type { GenerationRule } from './rule.ts'

/**
 * The tokens that top-k and top-p leave, and how far each other token is from the border: what an honest node whose logits
 * differ in the last bits might have had on the other side of it (rastic: The generation rule F, "slack at the border").
 * Costs are in logit units: by so much would differences between logits have to move.
 */
export interface Allowed {
  /** The first so many of the candidates. */
  readonly count: number
  /** Whether the filter ends beyond the listed tokens: what is not listed may be allowed, and no cost is known. */
  readonly isOpen?: boolean
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
  if (byRank === undefined || (byRank !== 'all' && byRank.isOpen && rule.topP < 1)) return undefined
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

function allowTopK({ ids, logits, floor, top, vocabularySize }: Candidates, topK: number): Allowed | undefined {
  if (top < topK && ids.length < vocabularySize) {
    return { count: top, isOpen: true, entryCost: () => 0, exitCost: () => Number.POSITIVE_INFINITY }
  }
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

/** Indices here come from the candidates themselves, so there is a logit at each. */
function logitAt(logits: readonly number[], index: number): number {
  return logits[index] ?? Number.NEGATIVE_INFINITY
}
