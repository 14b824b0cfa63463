import { RasticError } from './errors.ts'
import type { GenerationRule } from './rule.ts'

/** Listed beyond a top-k, so that what lies just past the border is seen. */
const BORDER_TOKENS = 4
/** Greedy: equal logits at the top show, which the lowest id wins. */
const TOP_GREEDY = 2
/** Without filters: nearly always the token is among so many, and where noise lifts another one, that one is asked for. */
const TOP_BY_LOGIT = 16
/** The noise of so many ids takes no longer than to rank some dozens of them. */
const FEW_IDS = 4096
/** Without a top-k but with a top-p: the nucleus seldom has more. */
const TOP_BY_MASS = 48

/** What to ask the engine at one position: to rank a whole vocabulary costs more than the model itself. */
export interface CandidateRequest {
  /**
   * So many tokens with the highest logits; the vocabulary's size or more asks for all. Which of some equal ones at the border
   * is up to the engine, except that 1 asks for the lowest id.
   */
  readonly top: number
  /** These tokens in any case. */
  readonly tokens: readonly number[]
  /** And all tokens with a logit of at least this. */
  readonly from?: number
}

/** Raw logits of one position: the highest, and those asked for by id. */
export interface Candidates {
  /** By falling logit, equal logits by rising id. */
  readonly ids: readonly number[]
  /** Logit of each of `ids`, raw (temperature not applied). */
  readonly logits: readonly number[]
  /** So many of them are listed for their logit: `top` of the request, or more that reach its `from`. */
  readonly top: number
  /** No token that is not listed has a higher logit than this; −Infinity where all are listed. */
  readonly floor: number
  readonly vocabularySize: number
}

/** The logits that nearly always settle F's choice. */
export function requestCandidates(rule: GenerationRule, vocabularySize: number): CandidateRequest {
  if (rule.temperature === 0) return byLogit(TOP_GREEDY, vocabularySize)
  // Of a small vocabulary the noise says of most tokens that they cannot win, wherever the filter ends.
  const isLikely = rule.topP >= 1 && rule.topK > TOP_BY_LOGIT && vocabularySize <= FEW_IDS
  if (rule.topK > 0 && rule.topK < vocabularySize && !isLikely) return requestTopK(rule, vocabularySize)
  return byLogit(rule.topP < 1 ? TOP_BY_MASS : TOP_BY_LOGIT, vocabularySize)
}

/** The logits that settle where a top-k ends. */
export function requestTopK(rule: GenerationRule, vocabularySize: number): CandidateRequest {
  return byLogit(rule.topK + BORDER_TOKENS, vocabularySize)
}

/** All logits of a position, where the few asked for do not settle it. */
export function requestAll(vocabularySize: number): CandidateRequest {
  return { top: vocabularySize, tokens: [] }
}

function byLogit(top: number, vocabularySize: number): CandidateRequest {
  return { top: Math.min(top, vocabularySize), tokens: [] }
}

/** What was listed, and `tokens` besides; all where they are many. */
export function requestMore({ ids, top, vocabularySize }: Candidates, tokens: readonly number[]): CandidateRequest {
  if (tokens.length > vocabularySize / 8) return requestAll(vocabularySize)
  return { top, tokens: [...ids, ...tokens] }
}

/** What was listed, and all tokens with a logit of at least `from`. */
export function requestFrom({ ids, top }: Candidates, from: number): CandidateRequest {
  return { top, tokens: ids, from }
}

/**
 * Puts an engine's answer in order.
 *
 * @param listed ids and their raw logits: what was asked and any others, none twice
 * @throws RasticError BAD_LOGITS
 */
export function toCandidates(
  listed: { readonly ids: readonly number[]; readonly logits: readonly number[] },
  { top: asked, from }: Pick<CandidateRequest, 'top' | 'from'>,
  vocabularySize: number,
): Candidates {
  const { ids, logits } = listed
  if (ids.length < Math.min(asked, vocabularySize)) {
    throw new RasticError('BAD_LOGITS', `the engine gave ${ids.length} logits where ${asked} were asked for`)
  }
  for (let i = 0; i < ids.length; i++) {
    if (!Number.isFinite(logits[i]))
      throw new RasticError('BAD_LOGITS', `the engine gave no number for token ${ids[i]}`)
  }
  const sorted = isInOrder(ids, logits) ? listed : inOrder(ids, logits)
  const reaching = from === undefined ? 0 : countFrom(sorted.logits, from)
  const top = Math.max(asked, reaching)
  const lowest = Math.min(sorted.logits[top - 1] ?? Number.NaN, from ?? Number.POSITIVE_INFINITY)
  const floor = ids.length >= vocabularySize ? Number.NEGATIVE_INFINITY : lowest
  return { ids: sorted.ids, logits: sorted.logits, top, floor, vocabularySize }
}

function countFrom(falling: readonly number[], from: number): number {
  const below = falling.findIndex((logit) => logit < from)
  return below < 0 ? falling.length : below
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
