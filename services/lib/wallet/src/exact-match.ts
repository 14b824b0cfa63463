/** Steps at most: about 10 ms; a wallet of 16 coins is searched whole. */
const MAX_STEPS = 50_000

/**
 * Branch and bound: the values whose sum is at or above `target` and at most `slack` above it, as little as is found.
 * @param values what each coin adds once its own input is paid for, all above 0, the largest first
 * @returns places in `values`, or undefined where there are none or the search takes too long
 */
export function exactMatch(values: readonly bigint[], target: bigint, slack: bigint): number[] | undefined {
  const left = suffixSums(values)
  const chosen: number[] = []
  let sum = 0n
  let next = 0
  let best: { places: number[]; excess: bigint } | undefined
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const excess = sum - target
    if (excess >= 0n && excess <= slack && (best === undefined || excess < best.excess)) {
      best = { places: [...chosen], excess }
      if (excess === 0n) break
    }
    const value = values[next]
    const isHopeless = excess >= 0n || excess + (left[next] ?? 0n) < 0n
    if (!isHopeless && value !== undefined) {
      chosen.push(next)
      sum += value
      next++
      continue
    }
    // Back to the last one taken: on without it, and without its equals, which would only give the same sums again.
    const last = chosen.pop()
    if (last === undefined) break
    const excluded = values[last]
    if (excluded === undefined) break
    sum -= excluded
    next = last + 1
    while (values[next] === excluded) next++
  }
  return best?.places
}

/** For each place, the sum of what stands there and behind it. */
function suffixSums(values: readonly bigint[]): bigint[] {
  const sums = new Array<bigint>(values.length + 1).fill(0n)
  for (let i = values.length - 1; i >= 0; i--) sums[i] = (sums[i + 1] ?? 0n) + (values[i] ?? 0n)
  return sums
}
