import type { NetworkParams } from '@camelid/consensus'

/** The deepest reorganisation that a pruned node still follows, blocks: eight hours of `main`. */
const DEEPEST_REORGANISATION = 500

/**
 * Blocks below the tip that no node may drop: those a reorganisation may take off, and those within which a verdict on a bond can still be
 * asked for (V + A, protocol: Committee).
 */
export function minimumKept({ verdictLife, bondAge }: Pick<NetworkParams, 'verdictLife' | 'bondAge'>): number {
  return Math.max(DEEPEST_REORGANISATION, verdictLife + bondAge)
}
