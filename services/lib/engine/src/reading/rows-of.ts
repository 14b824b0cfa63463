/**
 * How the next tokens of several sequences are computed, so that what a sequence gets does not depend on the others: each apart, in one
 * batch where llama.cpp computes that one by one, or in groups of no fewer than `least`.
 */
export type RowPlan =
  | { readonly kind: 'apart'; readonly batched: boolean }
  | { readonly kind: 'together'; readonly least: number }

/**
 * The sequences of which a batch holds a token each, in its order. llama.cpp computes together those whose numbers follow one another
 * (its split_equal): falling ones are apart, and a group that is too small grows by its neighbours.
 *
 * @param stepping numbers of the sequences that wait for a token
 * @param sequences how many there are; at least `least`
 * @returns theirs, and where need be those of neighbours
 */
export function rowsOf(stepping: readonly number[], plan: RowPlan, sequences: number): number[] {
  if (plan.kind === 'apart') return stepping.toSorted((a, b) => b - a)
  const rows = new Set(stepping)
  for (const number of stepping.toSorted((a, b) => a - b)) {
    let from = number
    let to = number
    for (;;) {
      while (rows.has(from - 1)) from--
      while (rows.has(to + 1)) to++
      if (to - from + 1 >= plan.least) break
      rows.add(to + 1 < sequences ? to + 1 : from - 1)
    }
  }
  return [...rows].sort((a, b) => a - b)
}
