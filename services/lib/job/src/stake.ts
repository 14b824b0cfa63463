import type { NetworkParams } from '@camelid/consensus'

/** What S pays for its own place in a block, and the least that is worth an output of its own: 0.001 coins. */
export const TESTAMENT_FEE = 100_000n

/** X = max(minimum bond, 2·reward) in base units: what a node risks for a job (protocol §5, S). */
export function requiredStake(job: { readonly reward: bigint }, params: NetworkParams): bigint {
  const twice = 2n * job.reward
  return twice > params.minimumBond ? twice : params.minimumBond
}
