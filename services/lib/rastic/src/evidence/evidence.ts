/** Nano-nats in a nat: whole numbers add up to the same sum in any order, on any machine. */
export const NANO = 1e9

/**
 * What some checked positions say of a node: the logarithm of how much likelier they are from the cheat than from an honest
 * node. Evidence of other jobs, models and profiles adds up with it, each weighed by its own profile.
 */
export interface Evidence {
  readonly positions: number
  /** Of them with a margin above their profile's tau. */
  readonly misses: number
  /** Nano-nats, a whole number; above 0 it speaks for a cheat. */
  readonly weight: number
}

export const NO_EVIDENCE: Evidence = { positions: 0, misses: 0, weight: 0 }

/** Commutative and associative, NO_EVIDENCE its zero. */
export function addEvidence(a: Evidence, b: Evidence): Evidence {
  return { positions: a.positions + b.positions, misses: a.misses + b.misses, weight: a.weight + b.weight }
}
