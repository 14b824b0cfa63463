/** Bits of `Hello.services`: what a peer offers. A light client offers nothing. */
export const Services = {
  /** Keeps the whole chain: serves headers, blocks, transactions and proofs, and relays transactions. */
  CHAIN: 1n,
  /** Keeps jobs and their statements, and relays them. */
  JOBS: 2n,
  /** Answers questions about outputs for clients without the model, where a verifier of its own has it. */
  CHECKS: 4n,
  /** Tells which jobs are open: a peer that does not offer it would take the question for a breach. */
  OPEN_JOBS: 8n,
} as const

/** Is every bit of `wanted` set in `services`? */
export function offers(services: bigint, wanted: bigint): boolean {
  return (services & wanted) === wanted
}
