/** Attestations that decide among `members` drawn: max(2, ⌈2m/3⌉), or null with m < 2, when no verdict can be had (protocol §7). */
export function quorum(members: number): number | null {
  return members < 2 ? null : Math.max(2, Math.ceil((2 * members) / 3))
}
