export type CheckVerdict = 'VALID' | 'INVALID' | 'INCONCLUSIVE'

/** A match is F's choice, a near-tie within tau of it, a miss beyond. */
export type PositionKind = 'match' | 'near-tie' | 'miss'

export interface CheckedPosition {
  /** Index in the output. */
  readonly index: number
  readonly claimed: number
  /** F's choice. */
  readonly expected: number
  /** Logit units; Infinity where nothing could make the claimed token F's choice. */
  readonly margin: number
  readonly kind: PositionKind
}

export interface CheckReport {
  readonly verdict: CheckVerdict
  /** For people: what was found, and where first. */
  readonly reason: string
  readonly positionsChecked: number
  readonly misses: number
  readonly nearTies: number
  /** The largest margin, logit units; 0 where nothing was checked. */
  readonly maxMargin: number
  /** Index in the output of the first miss or fault; −1 for none. */
  readonly firstDivergence: number
  /** Upper bound of the probability that an honest node shows this; 1 where the model was not run. */
  readonly honestProbability: number
  readonly positions: readonly CheckedPosition[]
  /** Microseconds. */
  readonly verifyUs: number
}

/** A report that ends before the model was run. */
export function shortReport(
  verdict: CheckVerdict,
  reason: string,
  options: { readonly firstDivergence?: number; readonly verifyUs: number },
): CheckReport {
  return {
    verdict,
    reason,
    positionsChecked: 0,
    misses: 0,
    nearTies: 0,
    maxMargin: 0,
    firstDivergence: options.firstDivergence ?? -1,
    honestProbability: 1,
    positions: [],
    verifyUs: options.verifyUs,
  }
}
