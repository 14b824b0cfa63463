import type { NetworkParams } from '../params/network-params.ts'
import { bitsToTarget, targetToBits } from './compact-bits.ts'

/** The block from which ASERT reckons. */
export interface Anchor {
  readonly height: number
  /** Unix seconds of the anchor's parent (or what stands for it after a re-anchoring). */
  readonly parentTime: number
  readonly bits: number
}

/**
 * Bits of the block after `parent`, by aserti3-2d: target = anchor's target × 2^((time passed − time that should have passed) / half-life),
 * in 16.16 fixed point with a cubic for 2^x, division truncating toward zero, clamped to 1 … the limit.
 * Source: protocol §4; the algorithm of Bitcoin Cash (aserti3-2d, 2020).
 */
export function nextBits(
  params: Pick<NetworkParams, 'spacing' | 'asertHalfLife' | 'powLimitBits'>,
  anchor: Anchor,
  parent: { readonly height: number; readonly time: number },
): number {
  const passed = BigInt(parent.time - anchor.parentTime)
  const due = BigInt(params.spacing) * BigInt(parent.height - anchor.height + 1)
  // BigInt division truncates toward zero, as the specification asks; >> rounds down, as it asks too.
  const exponent = ((passed - due) * 65536n) / BigInt(params.asertHalfLife)
  const shifts = exponent >> 16n
  const fraction = exponent - (shifts << 16n)
  const factor =
    65536n +
    ((195766423245049n * fraction +
      971821376n * fraction * fraction +
      5127n * fraction * fraction * fraction +
      (1n << 47n)) >>
      48n)

  const limit = bitsToTarget(params.powLimitBits)
  // Every target lies in 1 … 2^256: a shift by more than 272 either way is decided, and must not build a giant number.
  if (shifts > 272n) return params.powLimitBits
  if (shifts < -272n) return targetToBits(1n)
  const scaled = bitsToTarget(anchor.bits) * factor
  const target = shifts >= 0n ? (scaled << shifts) >> 16n : scaled >> (16n - shifts)
  if (target > limit) return params.powLimitBits
  return targetToBits(target === 0n ? 1n : target)
}
