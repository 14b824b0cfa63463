import { COIN } from '../params/units.ts'

/** Blocks between halvings (paper §2.3.1). */
const HALVING_INTERVAL = 1_000_000

/** New coins that the block at `height` may make, base units: 50 coins, halved every 1,000,000 blocks (protocol §1). */
export function subsidy(height: number): bigint {
  const halvings = Math.floor(height / HALVING_INTERVAL)
  return halvings >= 64 ? 0n : (50n * COIN) >> BigInt(halvings)
}
