import { RasticError } from './errors.ts'
import type { GenerationRule } from './rule.ts'

/** Listed beyond a top-k, so that what lies just past the border is seen. */
const BORDER_TOKENS = 4
/** Greedy: equal logits at the top show, which the lowest id wins. */
const TOP_GREEDY = 2
/** Without filters: nearly always the token is among so many, and where noise lifts another one, that one is asked for. */
const TOP_BY_LOGIT = 16
/** Where noise lifts many others, as with a model that is unsure of a large vocabulary. */
const TOP_WIDE = 512
/** Comparisons that take about as long as listing so many, and as listing all. */
const STEPS_OF_MORE = 2 ** 18
const STEPS_OF_ALL = 2 ** 23
/** Without a top-k but with a top-p: the nucleus seldom has more. */
const TOP_BY_MASS = 48

/** What to ask the engine at one position: the whole vocabulary's logits cost more than the model itself. */
export interface CandidateRequest {
  /**
   * So many tokens with the highest logits; the vocabulary's size or more asks for all. Which of some equal ones at the border
   * is up to the engine, except that 1 asks for the lowest id.
   */
  readonly top: number
  /** These tokens in any case. */
  readonly tokens: readonly number[]
}

/** Raw logits of one position: the highest, and those asked for by id. */
export interface Candidates {
  /** By falling logit, equal logits by rising id. */
  readonly ids: readonly number[]
  /** Logit of each of `ids`, raw (temperature not applied). */
  readonly logits: readonly number[]
  /** So many of them are listed for their logit: `top` of the request. */
  readonly top: number
  /** No token that is not listed has a higher logit than this; −Infinity where all are listed. */
  readonly floor: number
  readonly vocabularySize: number
}

/** The logits that nearly always settle F's choice. */
export function requestCandidates(rule: GenerationRule, vocabularySize: number): CandidateRequest {
  if (rule.temperature === 0) return byLogit(TOP_GREEDY, vocabularySize)
  if (rule.topK > 0 && rule.topK < vocabularySize) return byLogit(rule.topK + BORDER_TOKENS, vocabularySize)
  return byLogit(rule.topP < 1 ? TOP_BY_MASS : TOP_BY_LOGIT, vocabularySize)
}

/** All logits of a position, where the few asked for do not settle it. */
export function requestAll(vocabularySize: number): CandidateRequest {
  return { top: vocabularySize, tokens: [] }
}

function byLogit(top: number, vocabularySize: number): CandidateRequest {
  return { top: Math.min(top, vocabularySize), tokens: [] }
}

/**
 * What was listed, and `tokens` besides. An engine looks for each of them among all, so where they are many it is asked for
 * more of the likeliest, among which there may be nothing left to ask, and then for all.
 */
export function requestMore({ ids, top, vocabularySize }: Candidates, tokens: readonly number[]): CandidateRequest {
  const steps = tokens.length * vocabularySize
  if (steps > STEPS_OF_MORE && top < TOP_WIDE) return byLogit(TOP_WIDE, vocabularySize)
  if (steps > STEPS_OF_ALL || tokens.length > vocabularySize / 8) return requestAll(vocabularySize)
  // Rank and lists apart: what was listed for its id stays listed.
  return { top, tokens: ids.length > top ? [...ids, ...tokens] : tokens }
}

/**
 * Puts an engine's answer in order.
 *
 * @param listed ids and their raw logits: the `top` highest and any others, none twice
 * @throws RasticError BAD_LOGITS
 */
export function toCandidates(
  listed: { readonly ids: readonly number[]; readonly logits: readonly number[] },
  top: number,
  vocabularySize: number,
): Candidates {
  const { ids, logits } = listed
  if (ids.length < Math.min(top, vocabularySize)) {
    throw new RasticError('BAD_LOGITS', `the engine gave ${ids.length} logits where ${top} were asked for`)
  }
  for (let i = 0; i < ids.length; i++) {
    if (!Number.isFinite(logits[i]))
      throw new RasticError('BAD_LOGITS', `the engine gave no number for token ${ids[i]}`)
  }
  const sorted = isInOrder(ids, logits) ? listed : inOrder(ids, logits)
  const floor = ids.length >= vocabularySize ? Number.NEGATIVE_INFINITY : (sorted.logits[top - 1] ?? Number.NaN)
  return { ids: sorted.ids, logits: sorted.logits, top, floor, vocabularySize }
}

type Listed = Parameters<typeof toCandidates>[0]

function isInOrder(ids: readonly number[], logits: readonly number[]): boolean {
  for (let i = 1; i < ids.length; i++) if (compare(ids, logits, i - 1, i) > 0) return false
  return true
}

function inOrder(ids: readonly number[], logits: readonly number[]): Listed {
  const order = Array.from(ids.keys()).sort((i, j) => compare(ids, logits, i, j))
  return { ids: order.map((i) => ids[i] ?? -1), logits: order.map((i) => logits[i] ?? Number.NaN) }
}

/** By falling logit, equal logits by rising id. */
function compare(ids: readonly number[], logits: readonly number[], i: number, j: number): number {
  return (logits[j] ?? 0) - (logits[i] ?? 0) || (ids[i] ?? 0) - (ids[j] ?? 0)
}
