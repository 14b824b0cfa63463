import { binomialLowerTail, FINE_QUANTISATION } from '@camelid/rastic'

/** One in a thousand measurements like this would show fewer misses at the rate that the profile states. */
export const DOUBT = 1e-3

/** The largest rate at which so few misses are still as likely as DOUBT, as a profile states it: to two significant digits, upwards. */
export function missRateBound(positions: number, misses: number): number {
  return roundUp(upperBound(positions, misses))
}

/**
 * Positions that a profile which jobs name is measured over. A single verdict bears a far looser bound, since honest margins fall off
 * beyond tau; the sequential test does not: `cheatModel` weighs a fine quantisation only where at every margin it is likelier than
 * honest noise, which asks for an honest rate under the limit here. So many positions, none of them a miss, show that much. With
 * a tail as wide as that cheat's nothing shows it, and the bound has to be under the cheat's own rate at least.
 *
 * @param tailScale of the profile, logit units
 */
export function leastPositions(tailScale: number): number {
  const { disagreement, marginScale } = FINE_QUANTISATION
  const tail = Math.min(tailScale, marginScale)
  let positions = Math.ceil((-Math.log(DOUBT) * marginScale) / (disagreement * tail))
  while (missRateBound(positions, 0) / tail >= disagreement / marginScale) positions = Math.ceil(positions * 1.01)
  return positions
}

function upperBound(positions: number, misses: number): number {
  if (misses === 0) return -Math.expm1(Math.log(DOUBT) / positions)
  let low = misses / positions
  let high = 1
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (binomialLowerTail(positions, middle, misses) > DOUBT) low = middle
    else high = middle
  }
  return high
}

/** The profile is read by people too. */
function roundUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Number((Math.ceil(value / unit) * unit).toPrecision(2))
}
