/** Shares count for about so long. */
const WINDOW_MS = 300_000

/** Estimates a hash rate from the hashes that shares stand for, the latest counting most. Time is passed in, in milliseconds. */
export class HashMeter {
  readonly #start: number
  #at: number
  #hashes = 0

  constructor(nowMs: number) {
    this.#start = nowMs
    this.#at = nowMs
  }

  add(hashes: number, nowMs: number): void {
    this.#decay(nowMs)
    this.#hashes += hashes
  }

  /** Hashes per second. */
  rate(nowMs: number): number {
    this.#decay(nowMs)
    // What a steady rate would have left behind since the start.
    const weight = WINDOW_MS * (1 - Math.exp((this.#start - nowMs) / WINDOW_MS))
    return weight < 1 ? 0 : (this.#hashes / weight) * 1_000
  }

  #decay(nowMs: number): void {
    this.#hashes *= Math.exp((this.#at - nowMs) / WINDOW_MS)
    this.#at = nowMs
  }
}
