/** Rows of one and the same token that were computed together: what came out of each, by its place. */
export type Group = readonly string[]

/**
 * The fewest rows that must be computed together for each of them to come out as in any larger group and at any place in it. Undefined
 * where it depends on the place even in the largest, as where a kernel takes rows in fours and another one those that are left.
 *
 * @param groups by rising size, the first of one row
 */
export function leastRows(groups: readonly Group[]): number | undefined {
  const expected = groups.at(-1)?.[0]
  const before = groups.findLastIndex((group) => group.some((row) => row !== expected))
  return groups[before + 1]?.length
}
