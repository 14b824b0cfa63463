import { RasticError } from './errors.ts'
import { NOISE_LIMIT, PositionNoise } from './noise.ts'
import type { GenerationRule } from './rule.ts'

/** Listed beyond what the rule needs, so that ties and what lies just past a border are seen. */
const BORDER_TOKENS = 4
/** Without a top-k: so many tokens by logit, and so many by noise, settle nearly every position. */
const TOP_BY_LOGIT = 32
const TOP_BY_NOISE = 32
/** Without a top-k but with a top-p: the nucleus seldom has more. */
const TOP_BY_MASS = 48

/** What to ask the engine at one position: the whole vocabulary's logits cost more than the model itself. */
export interface CandidateRequest {
  /** So many tokens with the highest logits. The vocabulary's size or more asks for all. */
  readonly top: number
  /** These tokens in any case. */
  readonly tokens: readonly number[]
  /** No token outside `tokens` has more noise than this. */
  readonly noiseCap: number
}

/** Raw logits of one position: the highest, and those asked for by id. */
export interface Candidates {
  /** By falling logit, equal logits by rising id. */
  readonly ids: readonly number[]
  /** Logit of each of `ids`, raw (temperature not applied). */
  readonly logits: readonly number[]
  /** No token that is not listed has a higher logit than this; −Infinity where all are listed. */
  readonly floor: number
  readonly vocabularySize: number
}

/** The logits that nearly always settle F's choice at index `position` of R. */
export function requestCandidates(rule: GenerationRule, position: number, vocabularySize: number): CandidateRequest {
  const byLogit = (top: number): CandidateRequest => ({
    top: Math.min(top, vocabularySize),
    tokens: [],
    noiseCap: NOISE_LIMIT,
  })
  if (rule.temperature === 0) return byLogit(BORDER_TOKENS)
  if (rule.topK > 0 && rule.topK < vocabularySize) return byLogit(rule.topK + BORDER_TOKENS)
  if (rule.topP < 1) return byLogit(TOP_BY_MASS)
  const strongest = new PositionNoise(rule.key, position).strongest(TOP_BY_NOISE, vocabularySize)
  return { top: Math.min(TOP_BY_LOGIT, vocabularySize), tokens: strongest.ids, noiseCap: strongest.cap }
}

/** All logits of a position, where the few asked for do not settle it. */
export function requestAll(vocabularySize: number): CandidateRequest {
  return { top: vocabularySize, tokens: [], noiseCap: NOISE_LIMIT }
}

/**
 * Puts an engine's answer in order.
 *
 * @param listed id → raw logit: the `top` highest and any others
 * @throws RasticError BAD_LOGITS
 */
export function toCandidates(listed: ReadonlyMap<number, number>, top: number, vocabularySize: number): Candidates {
  const ids = [...listed.keys()]
  const logitOf = (id: number): number => listed.get(id) ?? Number.NaN
  for (const id of ids) {
    if (!Number.isFinite(logitOf(id))) throw new RasticError('BAD_LOGITS', `the engine gave no number for token ${id}`)
  }
  if (ids.length < Math.min(top, vocabularySize)) {
    throw new RasticError('BAD_LOGITS', `the engine gave ${ids.length} logits where ${top} were asked for`)
  }
  ids.sort((a, b) => logitOf(b) - logitOf(a) || a - b)
  const logits = ids.map(logitOf)
  const complete = ids.length >= vocabularySize
  return { ids, logits, floor: complete ? Number.NEGATIVE_INFINITY : (logits[top - 1] ?? Number.NaN), vocabularySize }
}
