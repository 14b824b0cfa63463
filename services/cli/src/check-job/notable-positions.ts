import type { CheckedPosition } from '@camelid/rastic'

/** Rows that a person reads. */
const MOST_WIDE = 24

/**
 * The positions worth a look: first and last (continuity, truncation), the first miss and its neighbours, and of those that are
 * no match the ones with the widest margins. By rising index.
 */
export function notablePositions(positions: readonly CheckedPosition[]): CheckedPosition[] {
  const firstMiss = positions.findIndex(({ kind }) => kind === 'miss')
  const around = firstMiss < 0 ? [] : [firstMiss - 1, firstMiss, firstMiss + 1]
  const widest = Array.from(positions.keys())
    .filter((i) => positions[i]?.kind !== 'match')
    // Infinite margins are equal, and their difference no number.
    .sort((i, j) => Number(marginAt(j) > marginAt(i)) - Number(marginAt(j) < marginAt(i)) || i - j)
    .slice(0, MOST_WIDE)
  const chosen = new Set([0, positions.length - 1, ...around, ...widest])
  return positions.filter((_, i) => chosen.has(i))

  function marginAt(i: number): number {
    return positions[i]?.margin ?? 0
  }
}
