import type { Target } from '../store/addresses.ts'

/**
 * Which addresses to dial: from the two tables in turn as `random` says, no more of one part of the network than `perGroup` with
 * those that are there already.
 * @param perGroup 0: as many as there are
 * @param random gives 0 (inclusive) to 1
 */
export function chooseTargets<T extends Target>(options: {
  tried: readonly T[]
  fresh: readonly T[]
  missing: number
  taken: readonly string[]
  perGroup: number
  groupOf: (target: Target) => string
  random: () => number
}): T[] {
  const { missing, perGroup, groupOf, random } = options
  const tables = [[...options.tried], [...options.fresh]]
  const perPart = new Map<string, number>()
  for (const group of options.taken) perPart.set(group, (perPart.get(group) ?? 0) + 1)
  const chosen: T[] = []
  while (chosen.length < missing) {
    const [first, second] = random() < 0.5 ? tables : tables.toReversed()
    const target = first?.shift() ?? second?.shift()
    if (target === undefined) break
    const group = groupOf(target)
    const there = perPart.get(group) ?? 0
    if (perGroup > 0 && there >= perGroup) continue
    perPart.set(group, there + 1)
    chosen.push(target)
  }
  return chosen
}
