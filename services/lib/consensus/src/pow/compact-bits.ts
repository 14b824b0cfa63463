import { ConsensusError } from '../error/consensus-error.ts'

/**
 * The 256-bit target that compact bits stand for: 1 byte of size, 1 sign bit, 23 bits of mantissa, as in Bitcoin.
 * Throws BAD_BITS where it is negative, zero or over 256 bits.
 */
export function bitsToTarget(bits: number): bigint {
  const size = bits >>> 24
  const mantissa = bits & 0x007fffff
  const target = size <= 3 ? BigInt(mantissa >>> (8 * (3 - size))) : BigInt(mantissa) << BigInt(8 * (size - 3))
  const negative = mantissa !== 0 && (bits & 0x00800000) !== 0
  if (negative || target === 0n || target >= 1n << 256n) {
    throw new ConsensusError('BAD_BITS', `bits 0x${bits.toString(16).padStart(8, '0')} are no target`, { bits })
  }
  return target
}

/** The compact form of a target from 1 to 2^256 − 1, rounded down to 3 significant bytes (23 bits where the top one is set). */
export function targetToBits(target: bigint): number {
  let size = Math.ceil(target.toString(16).length / 2)
  let mantissa = size <= 3 ? Number(target) << (8 * (3 - size)) : Number(target >> BigInt(8 * (size - 3)))
  // The sign bit is not ours to use: a mantissa that would set it moves down a byte.
  if ((mantissa & 0x00800000) !== 0) {
    mantissa >>>= 8
    size += 1
  }
  return ((size << 24) | mantissa) >>> 0
}
