/** A rate limit: `burst` units at once, `perSecond` units in the long run. Time is passed in, in milliseconds. */
export class TokenBucket {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #at: number

  constructor(options: { perSecond: number; burst: number; nowMs: number }) {
    this.#perMs = options.perSecond / 1000
    this.#burst = options.burst
    this.#tokens = options.burst
    this.#at = options.nowMs
  }

  /**
   * Takes `amount`, into debt if need be: one message larger than the burst must pass too.
   * @returns milliseconds to wait before the next one; 0 where there is no debt
   */
  take(amount: number, nowMs: number): number {
    this.#refill(nowMs)
    this.#tokens -= amount
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#perMs)
  }

  /** Takes `amount` if it is there, else nothing. */
  tryTake(amount: number, nowMs: number): boolean {
    this.#refill(nowMs)
    if (this.#tokens < amount) return false
    this.#tokens -= amount
    return true
  }

  #refill(nowMs: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, nowMs - this.#at) * this.#perMs)
    this.#at = nowMs
  }
}
