import type { Transaction } from '@camelid/codec'
import type { SpentOutput } from './spent-output.ts'

/** Bit 31: no lock. Bit 22: seconds in units of 512, else blocks. The low 16 bits: how many (BIP68). */
const TIME_FLAG = 0x00400000
const VALUE_MASK = 0x0000ffff
const SECONDS_SHIFT = 9

/**
 * Whether the relative lock times of a transaction (BIP68, version 2 and up) are over in the block at `height`; without them
 * CHECKSEQUENCEVERIFY would promise nothing. `medianTime` is that of the 11 blocks before, `medianTimeAt(h)` that of the 11 blocks ending
 * with height h: a lock by time runs from the block before that of the spent output.
 */
export function sequenceLocksMet(
  tx: Transaction,
  context: {
    readonly spent: readonly (SpentOutput | null)[]
    readonly height: number
    readonly medianTime: number
    medianTimeAt(height: number): number
  },
): boolean {
  if (tx.version < 2) return true
  return tx.vin.every(({ sequence }, i) => {
    const coin = context.spent[i]
    if (sequence >= 0x80000000 || coin == null) return true
    const value = sequence & VALUE_MASK
    if ((sequence & TIME_FLAG) === 0) return context.height >= coin.height + value
    const since = context.medianTimeAt(Math.max(coin.height - 1, 0))
    return context.medianTime >= since + (value << SECONDS_SHIFT)
  })
}
