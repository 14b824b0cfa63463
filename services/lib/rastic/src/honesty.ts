import { binomialLowerTail, binomialUpperTail } from './binomial.ts'
import { exceedanceRate, type Profile } from './profile.ts'

/** Margins are counted above tau, 2·tau, 4·tau, …: few weak signs and one strong sign both tell. */
const THRESHOLDS = 10
/** Below this probability an honest node would be remarkable: no VALID, though no proof of a cheat either. */
export const SUSPICIOUS = 1e-3
/** A sample of positions must leave a cheat of the profile's design strength no more chance than this. */
export const CHEAT_LEFT = 0.01

/**
 * An upper bound of the probability that an honest node shows margins at least like these: a binomial test at each
 * threshold, times their number because the best of them counts (Bonferroni) (rastic: The check).
 */
export function honestProbability(margins: readonly number[], profile: Profile): number {
  const misses = margins.filter((margin) => margin > profile.tau)
  return honestProbabilityOf(margins.length, misses, profile)
}

/** The same from the margins above tau alone; the others, of `checked` positions in all, say nothing. */
export function honestProbabilityOf(checked: number, misses: readonly number[], profile: Profile): number {
  let least = 1
  for (let i = 0; i < THRESHOLDS; i++) {
    const threshold = profile.tau * 2 ** i
    const above = misses.filter((margin) => margin > threshold).length
    least = Math.min(least, binomialUpperTail(checked, exceedanceRate(profile, threshold), above))
  }
  return Math.min(1, least * THRESHOLDS)
}

/** The probability that a cheat of the profile's design strength shows so few misses: what a sample of positions leaves open. */
export function cheatProbability(checked: number, misses: number, profile: Profile): number {
  return binomialLowerTail(checked, profile.designDisagreement, misses)
}
