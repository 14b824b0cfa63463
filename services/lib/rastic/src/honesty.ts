import { binomialLowerTail, binomialUpperTail } from './binomial.ts'
import { exceedanceRate, type Profile } from './profile.ts'

/** Margins are counted above tau, 2·tau, 4·tau, …: few weak signs and one strong sign both tell. */
const THRESHOLDS = 10

/**
 * An upper bound of the probability that an honest node shows margins at least like these: a binomial test at each
 * threshold, times their number because the best of them counts (Bonferroni) (rastic: The check).
 */
export function honestProbability(margins: readonly number[], profile: Profile): number {
  let least = 1
  for (let i = 0; i < THRESHOLDS; i++) {
    const threshold = profile.tau * 2 ** i
    const above = margins.filter((margin) => margin > threshold).length
    least = Math.min(least, binomialUpperTail(margins.length, exceedanceRate(profile, threshold), above))
  }
  return Math.min(1, least * THRESHOLDS)
}

/** The probability that a cheat of the profile's design strength shows so few misses: what a sample of positions leaves open. */
export function cheatProbability(checked: number, misses: number, profile: Profile): number {
  return binomialLowerTail(checked, profile.designDisagreement, misses)
}
