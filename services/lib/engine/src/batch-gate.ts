/**
 * Lets runs take each step together, so that their tokens are computed in one batch. Left alone, two runs fall into turns:
 * each is ready again only when the other's batch has begun, and every batch holds one token.
 */
export class BatchGate {
  #members = 0
  #waiting: (() => void)[] = []

  /** From now on the others wait for this run's steps. */
  join(): void {
    this.#members++
  }

  /** A run that ends or pauses must not hold up the others. */
  leave(): void {
    this.#members--
    this.#openIfAllHere()
  }

  /** Resolves when all members are ready for their next step. */
  step(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#openIfAllHere()
    })
  }

  #openIfAllHere(): void {
    if (this.#waiting.length < this.#members) return
    for (const go of this.#waiting.splice(0)) go()
  }
}
