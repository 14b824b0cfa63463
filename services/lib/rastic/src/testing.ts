import fc from 'fast-check'
import { type CandidateRequest, type Candidates, toCandidates } from './candidates.ts'
import { gumbel } from './noise.ts'
import type { GenerationRule } from './rule.ts'
import type { Settled } from './select-token.ts'

/** What an engine answers to a request, given all logits of a position; of equal ones it lists the highest ids. */
export function answer(logits: readonly number[], request: CandidateRequest): Candidates {
  const { top, tokens, from = Number.POSITIVE_INFINITY } = request
  const byId = (a: number, b: number): number => (top === 1 ? a - b : b - a)
  const ranked = logits.map((_, id) => id).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || byId(a, b))
  const reaching = ranked.filter((id) => (logits[id] ?? 0) >= from)
  const ids = [...new Set([...ranked.slice(0, top), ...reaching, ...tokens])]
  return toCandidates({ ids, logits: ids.map((id) => logits[id] ?? Number.NaN) }, request, logits.length)
}

/** Asks an engine until `judge` is settled, as engines do. */
export function settle<T>(
  logits: readonly number[],
  first: CandidateRequest,
  judge: (candidates: Candidates) => Settled<T>,
): { found: T; asked: number } {
  let request = first
  for (let asked = 1; asked <= 4; asked++) {
    const { found, ask } = judge(answer(logits, request))
    if (ask === undefined) return { found, asked }
    request = ask
  }
  throw new Error('four answers do not settle it')
}

export const allOf = (logits: readonly number[]): Candidates => answer(logits, { top: logits.length, tokens: [] })

/** Logits as a model has them, with ties. */
export const logitsArbitrary = fc.array(
  fc.integer({ min: -120, max: 120 }).map((tenths) => tenths / 10),
  { minLength: 2, maxLength: 150 },
)

export const ruleArbitrary: fc.Arbitrary<GenerationRule> = fc.record({
  key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  temperature: fc.constantFrom(0, 0.3, 0.8, 1, 1.2, 5),
  topK: fc.constantFrom(0, 1, 2, 5, 40, 1000),
  topP: fc.constantFrom(0, 0.1, 0.5, 0.9, 0.95, 1),
})

/** Ids that the filters leave, by falling logit (rastic: The generation rule F, "allowed"), written down as it stands there. */
export function allowedByTheBook(logits: readonly number[], { temperature, topK, topP }: GenerationRule): number[] {
  const ranked = logits.map((_, id) => id).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b)
  if (temperature === 0) return ranked
  const kept = topK > 0 ? ranked.slice(0, topK) : ranked
  if (topP >= 1) return kept
  const weights = kept.map((id) => Math.exp(((logits[id] ?? 0) - (logits[kept[0] ?? 0] ?? 0)) / temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  const count = weights.findIndex((weight) => {
    sum += weight
    return sum >= topP * total
  })
  return kept.slice(0, count < 0 ? kept.length : count + 1)
}

export function scoreByTheBook(logits: readonly number[], rule: GenerationRule, position: number, id: number): number {
  const logit = logits[id] ?? Number.NaN
  return rule.temperature === 0 ? logit : logit + rule.temperature * gumbel(rule.key, position, id)
}

/** F, written down as it stands in rastic.md. */
export function chooseByTheBook(logits: readonly number[], rule: GenerationRule, position: number): number {
  const ids = allowedByTheBook(logits, rule).sort((a, b) => a - b)
  let best = ids[0] ?? -1
  for (const id of ids)
    if (scoreByTheBook(logits, rule, position, id) > scoreByTheBook(logits, rule, position, best)) best = id
  return best
}
