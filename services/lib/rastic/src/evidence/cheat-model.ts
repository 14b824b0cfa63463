import { RasticError } from '../errors.ts'
import type { Profile } from '../profile.ts'

/** The weakest cheat that the sequential test is made to find. */
export interface Cheat {
  /** Share of its positions with a margin above tau. */
  readonly disagreement: number
  /** The rate of its margins above m falls by a factor e for each so many logit units that m is above tau. */
  readonly marginScale: number
}

/**
 * A finer quantisation of the same model: about what Q8_0 does to F16, or to the key-value cache, with the shipped models (0.0002 to
 * 0.0016 of positions, by 0.03 to 0.1 logits above tau; docs/rastic-results.md). A coarser cheat is found all the same.
 */
export const FINE_QUANTISATION: Cheat = { disagreement: 0.0008, marginScale: 0.05 }

/**
 * So many honest tail lengths above tau a margin says all that it may, though the model would weigh larger ones more: tails of
 * real noise are known only as far as they were measured, and one wild position shall condemn nobody.
 */
const CAP_SCALES = 6

/** Honest node and cheat side by side: what a margin is weighed by. */
export interface CheatModel {
  /** Logit units. */
  readonly tau: number
  readonly honest: Cheat
  readonly cheat: Cheat
  /** Margins above count as this much, logit units. */
  readonly cap: number
}

/**
 * A larger margin must be likelier from the cheat, relative to an honest node, at every size. Then a node that is more
 * honest than its profile's bounds gathers less evidence than one exactly at them, and the error rates hold for both.
 *
 * @throws RasticError BAD_PARAMETER where the cheat is too like an honest node
 */
export function cheatModel(profile: Pick<Profile, 'tau' | 'missRate' | 'tailScale'>, cheat: Cheat): CheatModel {
  const honest = { disagreement: profile.missRate, marginScale: profile.tailScale }
  const isUsable = cheat.disagreement < 1 && Number.isFinite(cheat.marginScale)
  const grows =
    cheat.marginScale >= honest.marginScale &&
    cheat.disagreement / cheat.marginScale > honest.disagreement / honest.marginScale
  if (!isUsable || !grows) {
    const detail = `a cheat that misses ${cheat.disagreement} of all positions by margins of about ${cheat.marginScale} cannot be told from an honest node of this noise profile (${honest.disagreement}, ${honest.marginScale})`
    throw new RasticError('BAD_PARAMETER', detail)
  }
  return { tau: profile.tau, honest, cheat, cap: profile.tau + CAP_SCALES * honest.marginScale }
}
