import type { Transaction } from '@camelid/codec'
import type { SpentOutput } from '@camelid/consensus'
import type { AnySql } from '@camelid/store'
import { listMedianTimes } from '../store/headers.ts'

/** Bit 31: no lock; bit 22: a lock by time (BIP68). */
const NO_LOCK = 0x80000000
const TIME_FLAG = 0x00400000

export interface Spending {
  readonly tx: Transaction
  /** Goes with tx.vin; null where there is no such output. */
  readonly spent: readonly (SpentOutput | null)[]
}

/** Median times past by height, read beforehand where relative lock times of these transactions need them. Seldom a query. */
export async function loadMedianTimes(
  sql: AnySql,
  spendings: readonly Spending[],
): Promise<(height: number) => number> {
  const heights = new Set<number>()
  for (const { tx, spent } of spendings) {
    if (tx.version < 2) continue
    tx.vin.forEach(({ sequence }, i) => {
      const coin = spent[i]
      if (sequence < NO_LOCK && (sequence & TIME_FLAG) !== 0 && coin != null) heights.add(Math.max(coin.height - 1, 0))
    })
  }
  const times = heights.size === 0 ? new Map<number, number>() : await listMedianTimes(sql, [...heights])
  // An output of the mempool has no block yet: a lock by time that starts there is not over.
  return (height) => times.get(height) ?? Number.MAX_SAFE_INTEGER
}
