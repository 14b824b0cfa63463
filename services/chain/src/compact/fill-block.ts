import type { Outline, Part } from './compact-block.ts'

/**
 * Puts transactions in their places: those that are spelled out, then those of `pool` whose short id is named. Of two with one short id
 * neither is taken: it is asked for.
 * @returns by position; undefined where the block itself names two by one short id, so that nothing can be told apart
 */
export function fillBlock(
  { ids, shortIds, placed, count }: Outline,
  { supplied, pool }: { readonly supplied: ReadonlyMap<number, Part>; readonly pool: Iterable<Part> },
): (Part | undefined)[] | undefined {
  const parts = Array.from({ length: count }, (_, index) => placed.get(index) ?? supplied.get(index))
  const byShortId = new Map<number, number>()
  let next = 0
  for (const shortId of shortIds) {
    while (placed.has(next)) next++
    byShortId.set(shortId, next++)
  }
  if (byShortId.size < shortIds.length) return undefined
  const ambiguous = new Set<number>()
  for (const part of pool) {
    const index = byShortId.get(ids.of(part.txid))
    if (index === undefined || supplied.has(index)) continue
    if (parts[index] === undefined) parts[index] = part
    else ambiguous.add(index)
  }
  for (const index of ambiguous) parts[index] = undefined
  return parts
}
