import { isFinal, type NetworkParams } from '@camelid/consensus'
import { type Entry, feeRate, type Mempool } from '../mempool/mempool.ts'

export interface Selection {
  /** Parents before children. */
  readonly entries: readonly Entry[]
  /** Base units. */
  readonly fees: bigint
}

/** Bytes and sigops kept free for header, count and coinbase. */
const RESERVED_BYTES = 1_000
const RESERVED_SIGOPS = 400

/**
 * The transactions of a template: the best paying first, as far as their parents are in, their lock times are over, and nothing settles
 * a job twice.
 */
export function selectTransactions(
  mempool: Mempool,
  {
    height,
    medianTime,
    params,
  }: { readonly height: number; readonly medianTime: number; readonly params: NetworkParams },
): Selection {
  const chosen = new Map<string, Entry>()
  const settled = new Set<string>()
  let bytes = params.maxBlockBytes - RESERVED_BYTES
  let sigops = params.maxBlockSigops - RESERVED_SIGOPS
  let fees = 0n
  let waiting = [...mempool.values()]
    .filter((entry) => isFinal(entry.tx, height, medianTime))
    .map((entry) => ({ entry, rate: feeRate(entry) }))
    .sort((a, b) => b.rate - a.rate)
    .map(({ entry }) => entry)
  // Every round takes at least one level of children; the mempool keeps chains short.
  for (let before = -1; before !== chosen.size; ) {
    before = chosen.size
    const later: Entry[] = []
    for (const entry of waiting) {
      if (entry.raw.length > bytes || entry.sigops > sigops) continue
      if (!mempool.parentsOf(entry.tx).every((parent) => chosen.has(parent.key))) {
        later.push(entry)
        continue
      }
      if (entry.settlement !== null && settled.has(entry.settlement)) continue
      if (entry.settlement !== null) settled.add(entry.settlement)
      chosen.set(entry.key, entry)
      bytes -= entry.raw.length
      sigops -= entry.sigops
      fees += entry.fee
    }
    waiting = later
  }
  return { entries: [...chosen.values()], fees }
}
