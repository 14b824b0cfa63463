import { bitsToTarget } from './compact-bits.ts'

/** Hashes expected to find a block of these bits: 2^256 / (target + 1), rounded down. Sums of it choose the best chain. Throws BAD_BITS. */
export function workOf(bits: number): bigint {
  return (1n << 256n) / (bitsToTarget(bits) + 1n)
}
