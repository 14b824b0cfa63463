/**
 * Shares the places of a batch among those who wait, evenly: who wants fewer gets all, and what is left goes to the others.
 *
 * @param wanted tokens of each; at least one
 * @returns places of each, in order
 */
export function shareBatch(wanted: readonly number[], places: number): number[] {
  const shares = wanted.map(() => 0)
  const order = [...wanted.keys()].sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0))
  let left = places
  for (const [done, index] of order.entries()) {
    const share = Math.min(wanted[index] ?? 0, Math.ceil(left / (order.length - done)))
    shares[index] = share
    left -= share
  }
  return shares
}
