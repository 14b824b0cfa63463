import { outPointKey } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import type { ParsedTransaction } from './new-entry.ts'

/** Something about a transaction. */
interface AboutTransaction {
  readonly parsed: ParsedTransaction
}

/**
 * Those of some transactions that can be judged together: they neither rest on another of them nor spend what an earlier one spends.
 * The others, in their order, have their turn after these.
 */
export function nextRound<T extends AboutTransaction>(waiting: readonly T[]): { now: T[]; later: T[] } {
  const ids = new Set(waiting.map(({ parsed }) => parsed.key))
  const spent = new Set<string>()
  const now: T[] = []
  const later: T[] = []
  for (const one of waiting) {
    const { tx } = one.parsed
    const outpoints = tx.vin.map(({ prevout }) => outPointKey(prevout))
    const rests = tx.vin.some(({ prevout }) => ids.has(bytesToHex(prevout.txid)))
    // Its own id twice is the same transaction twice: the second is known by the time of its turn.
    if (rests || outpoints.some((outpoint) => spent.has(outpoint))) later.push(one)
    else now.push(one)
    for (const outpoint of outpoints) spent.add(outpoint)
  }
  // No order satisfies a circle, which needs a collision of hashes; but then everybody has a turn.
  return now.length === 0 ? { now: later, later: [] } : { now, later }
}
