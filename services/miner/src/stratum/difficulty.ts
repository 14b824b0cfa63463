/** Stratum counts difficulty as Bitcoin does: 1 is the target of bits 1d00ffff, which 1 hash in 2³² meets. */
const TARGET_OF_1 = 0xffffn << 208n
const LARGEST_TARGET = (1n << 256n) - 1n
/** Difficulties are held to this fraction, which is exact for the easiest target of any network. */
const FRACTION_BITS = 64

/** Hashes that a share of difficulty 1 takes on average. */
export const HASHES_PER_DIFFICULTY = 2 ** 32

/** The target that a hash, as a number, must not be above. */
export function targetOf(difficulty: number): bigint {
  const scaled = BigInt(Math.max(1, Math.round(difficulty * 2 ** FRACTION_BITS)))
  const target = (TARGET_OF_1 << BigInt(FRACTION_BITS)) / scaled
  return target < LARGEST_TARGET ? target : LARGEST_TARGET
}

export function difficultyOf(target: bigint): number {
  return Number((TARGET_OF_1 << BigInt(FRACTION_BITS)) / (target > 0n ? target : 1n)) / 2 ** FRACTION_BITS
}
