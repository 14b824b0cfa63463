/** A connection that a peer opened, as far as it matters for its place. Times in Unix milliseconds. */
export interface Guest {
  /** The part of the network it comes from. */
  readonly group: string
  readonly connectedMs: number
  /** When it last brought something good and new; 0: never. */
  readonly usefulMs: number
}

/** Of all places: kept for parts of the network that chance, which no peer knows, has chosen; and for those that were useful last. */
const SHARE = 8

/**
 * Which guest gives its place to a newcomer where all are taken, after Bitcoin Core: never one of a few that are useful, of parts of the
 * network drawn by lot, or the older half of the rest; of what remains the youngest of the part of the network that has the most, so
 * that a crowd from one place can only push out itself. Undefined where all are kept.
 * @param lot a number for each part of the network that no peer can guess
 */
export function chooseVictim<T extends Guest>(guests: readonly T[], lot: (group: string) => number): T | undefined {
  const places = Math.ceil(guests.length / SHARE)
  const byAge = guests.toSorted((a, b) => a.connectedMs - b.connectedMs)
  const eldest = [...new Map(byAge.toReversed().map((guest) => [guest.group, guest])).values()]
  const kept = new Set(eldest.toSorted((a, b) => lot(a.group) - lot(b.group)).slice(0, places))
  const useful = byAge.filter((guest) => guest.usefulMs > 0 && !kept.has(guest))
  for (const guest of useful.toSorted((a, b) => b.usefulMs - a.usefulMs).slice(0, places)) kept.add(guest)
  const others = byAge.filter((guest) => !kept.has(guest))
  const young = others.slice(Math.floor(others.length / 2))
  const size = (guest: T): number => young.filter(({ group }) => group === guest.group).length
  const most = Math.max(0, ...young.map(size))
  return young.findLast((guest) => size(guest) === most)
}
