import type { Transaction } from '@camelid/codec'
import { LOCKTIME_THRESHOLD } from '../params/units.ts'

const SEQUENCE_FINAL = 0xffffffff

/**
 * Whether a transaction may be in the block at `height` on a chain whose median time past is `medianTime` (unix seconds, of the 11 blocks
 * before it): its lockTime lies before that height or time, or all its inputs wave it (protocol §4: lockTime is judged by median time past).
 */
export function isFinal(tx: Transaction, height: number, medianTime: number): boolean {
  if (tx.lockTime === 0) return true
  if (tx.lockTime < (tx.lockTime < LOCKTIME_THRESHOLD ? height : medianTime)) return true
  return tx.vin.every(({ sequence }) => sequence === SEQUENCE_FINAL)
}
