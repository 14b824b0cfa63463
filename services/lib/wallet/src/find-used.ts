/** BIP44: addresses in a row that may be unused before one that is used. */
export const GAP_LIMIT = 20
/** Addresses looked at in one branch at most, whatever others say of them. */
const MOST = 100_000

/**
 * Looks through one branch of an account for the addresses that were ever used, until `gapLimit` in a row were not.
 * @param areUsed for each of `count` indices from `first` on, whether its address was ever paid
 * @returns the used indices, in order
 */
export async function findUsed(options: {
  readonly gapLimit?: number
  readonly areUsed: (first: number, count: number) => Promise<readonly boolean[]>
}): Promise<number[]> {
  const { gapLimit = GAP_LIMIT, areUsed } = options
  const used: number[] = []
  for (let first = 0, end = gapLimit; first < end; ) {
    const answers = await areUsed(first, end - first)
    answers.forEach((isUsed, i) => {
      if (isUsed) used.push(first + i)
    })
    first = end
    end = Math.min(MOST, (used.at(-1) ?? -1) + 1 + gapLimit)
  }
  return used
}
