import { requireCount, requireShare } from './parameters.ts'

/**
 * The probability that tokens which agree with F's, each with probability `agreement`, all match at `positions` checked ones
 * (rastic: What it is worth). For tokens drawn at random over the vocabulary, agreement is 1 / its size: that is the
 * case of paper §2.6, and the best there is. @throws RasticError BAD_PARAMETER
 */
export function survivalProbability(agreement: number, positions: number): number {
  requireShare('the agreement', agreement)
  requireCount('the number of positions', positions)
  return agreement ** positions
}

/** The probability that at least one of `positions` checked ones differs. @throws RasticError BAD_PARAMETER */
export function detectionProbability(disagreement: number, positions: number): number {
  requireShare('the disagreement', disagreement)
  requireCount('the number of positions', positions)
  if (positions === 0) return 0
  // As 1 − (1 − d)^k, but exact for small d.
  return -Math.expm1(positions * Math.log1p(-disagreement))
}

/**
 * The same for one output of which `wrong` tokens differ, positions being drawn without repetition: a single altered token
 * among B is seen with probability k / B, however many tokens a vocabulary has. @throws RasticError BAD_PARAMETER
 */
export function detectionInOutput(output: {
  readonly tokens: number
  readonly wrong: number
  readonly positions: number
}): number {
  const { tokens, wrong, positions } = output
  requireCount('the number of tokens', tokens)
  requireCount('the number of wrong tokens', wrong)
  requireCount('the number of positions', positions)
  const sound = tokens - Math.min(wrong, tokens)
  const drawn = Math.min(positions, tokens)
  let missed = 1
  for (let i = 0; i < drawn && missed > 0; i++) missed *= Math.max(0, sound - i) / (tokens - i)
  return 1 - missed
}

/**
 * The fewest positions that see a cheat with probability `detection` where every difference is proof, so without noise;
 * Infinity where there is nothing to see. @throws RasticError BAD_PARAMETER
 */
export function positionsToDetect(disagreement: number, detection: number): number {
  requireShare('the disagreement', disagreement)
  requireShare('the detection', detection)
  if (detection === 0) return 0
  if (disagreement === 1) return 1
  if (disagreement === 0 || detection === 1) return Number.POSITIVE_INFINITY
  const estimate = Math.ceil(Math.log1p(-detection) / Math.log1p(-disagreement))
  // The quotient of logarithms may be off by a rounding where it is a whole number.
  const enough = (positions: number): boolean => detectionProbability(disagreement, positions) >= detection - 1e-15
  return estimate > 1 && enough(estimate - 1) ? estimate - 1 : estimate
}
