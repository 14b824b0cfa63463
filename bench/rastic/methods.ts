import {
  type CheatModel,
  cheatModel,
  FINE_QUANTISATION,
  honestProbability,
  type Profile,
  weighMargins,
} from '@camelid/rastic'

/** A way to turn the margins of checked tokens into one number that is larger the more a cheat it looks. */
export interface Method {
  readonly name: string
  readonly score: (margins: readonly number[]) => number
}

/** Of one margin, in honest tail lengths above tau: more says no more. */
const CAP_TAILS = 20

/** Ours, and what the field has that fits this engine, written anew from the papers (rastic: The benchmark). */
export function methods(profile: Profile): readonly Method[] {
  const model: CheatModel = cheatModel(profile, FINE_QUANTISATION)
  const cap = profile.tau + CAP_TAILS * profile.tailScale
  return [
    { name: 'RASTiC, proof', score: (margins) => -Math.log(honestProbability(margins, profile)) },
    { name: 'RASTiC, evidence', score: (margins) => weighMargins(model, margins).weight },
    {
      name: 'exact match at 3 positions',
      score: (margins) => margins.slice(0, 3).filter((margin) => margin > 0).length,
    },
    { name: 'exact match everywhere', score: (margins) => margins.filter((margin) => margin > 0).length },
    {
      name: 'mean capped margin',
      score: (margins) => margins.reduce((sum, margin) => sum + Math.min(margin, cap), 0) / margins.length,
    },
  ]
}
