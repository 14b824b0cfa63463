/** Blocks whose median time a new block must be above (protocol §4). */
const MEDIAN_SPAN = 11

/**
 * Median time past, unix seconds: the middle of the last 11 of `times` (block times in chain order, newest last; the upper middle of an
 * even number, as in Bitcoin). lockTime is judged by it. At least one time.
 */
export function medianTimePast(times: readonly number[]): number {
  const sorted = times.slice(-MEDIAN_SPAN).sort((a, b) => a - b)
  const median = sorted[sorted.length >> 1]
  if (median === undefined) throw new RangeError('a median needs at least one block time')
  return median
}
