/** A rate limit: `burst` at once, `perSecond` in the long run. Time is passed in, in milliseconds. */
export class TokenBucket {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #at: number

  constructor(options: { perSecond: number; burst: number; nowMs: number }) {
    this.#perMs = options.perSecond / 1_000
    this.#burst = options.burst
    this.#tokens = options.burst
    this.#at = options.nowMs
  }

  /** Takes one, on credit if need be. @returns milliseconds to wait before the next one */
  take(nowMs: number): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#at) * this.#perMs) - 1
    this.#at = nowMs
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#perMs)
  }
}
