import { LruMap } from '../lru-map.ts'

/** A score halves in this time: what honest peers get wrong now and then never adds up. */
const HALF_LIFE_MS = 600_000
/** From here on a peer is banned. */
export const BAN_SCORE = 100
const MAX_SUBJECTS = 10_000

/** Decaying misbehaviour scores, by "key:<h2 hex>" or "host:<ip>"; a new connection does not wash them off. */
export class Scores {
  readonly #scores = new LruMap<string, { score: number; atMs: number }>(MAX_SUBJECTS)

  /** Adds to a score and gives the new one. */
  add(subject: string, score: number, nowMs: number): number {
    const total = this.of(subject, nowMs) + score
    this.#scores.set(subject, { score: total, atMs: nowMs })
    return total
  }

  of(subject: string, nowMs: number): number {
    const entry = this.#scores.get(subject)
    if (entry === undefined) return 0
    return entry.score * 0.5 ** (Math.max(0, nowMs - entry.atMs) / HALF_LIFE_MS)
  }

  clear(subject: string): void {
    this.#scores.delete(subject)
  }
}
