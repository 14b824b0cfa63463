import { ChainError } from '../chain-error.ts'
import type { Drop } from './drop.ts'
import { type Entry, feeRate, type Mempool } from './mempool.ts'
import { MAX_MEMPOOL_BYTES } from './policy.ts'

/** Room made beyond what one entry needs: to find who pays least takes a tenth of a second, too long for every transaction. */
const SPARE_BYTES = MAX_MEMPOOL_BYTES / 20

/**
 * Refuses what pays no more than what gave way, before it costs more than this; until blocks have made room again.
 * @throws ChainError MEMPOOL_FULL
 */
export function refuseTooCheap(mempool: Mempool, entry: Pick<Entry, 'fee' | 'raw' | 'jobId'>): void {
  if (mempool.bytes < MAX_MEMPOOL_BYTES - 2 * SPARE_BYTES) mempool.floor = 0
  if (entry.jobId === null && feeRate(entry) <= mempool.floor) throw full()
}

/**
 * The entries that pay least and give way to this one; what rests on them goes too. Reservations are promises and stay.
 * @throws ChainError MEMPOOL_FULL where all others pay better
 */
export function makeRoom(mempool: Mempool, entry: Entry): Drop[] {
  refuseTooCheap(mempool, entry)
  const excess = mempool.bytes + entry.raw.length * 2 - MAX_MEMPOOL_BYTES
  if (excess <= 0) return []
  const ancestors = mempool.ancestorsOf(entry.tx, Number.POSITIVE_INFINITY)
  const cheapest = [...mempool.values()]
    .filter((other) => other.jobId === null && !ancestors.has(other.key))
    .map((other) => ({ other, rate: feeRate(other) }))
    .sort((a, b) => a.rate - b.rate)
  const drops: Drop[] = []
  let freed = 0
  for (const { other, rate } of cheapest) {
    // For a reservation nobody is evicted beyond need.
    if (freed >= excess + (entry.jobId === null ? SPARE_BYTES : 0)) break
    if (entry.jobId === null && rate >= feeRate(entry)) break
    drops.push({ entry: other, reason: 'EVICTED' })
    freed += other.raw.length * 2
    mempool.floor = Math.max(mempool.floor, rate)
  }
  if (freed >= excess) return drops
  mempool.floor = Math.max(mempool.floor, feeRate(entry))
  throw full()
}

function full(): ChainError {
  return new ChainError('MEMPOOL_FULL', 'the mempool is full of transactions that pay more: raise the fee')
}
