/** Runs pieces of work one after another; at most `limit` wait. */
export class Serial {
  #last: Promise<void> = Promise.resolve()
  #waiting = 0
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** False, and nothing runs, where too many wait already. Failures go to `onError`. */
  add(work: () => Promise<void> | void, onError: (error: unknown) => void): boolean {
    if (this.#waiting >= this.#limit) return false
    this.#waiting++
    this.#last = this.#last
      .then(work)
      .catch(onError)
      .finally(() => {
        this.#waiting--
      })
    return true
  }

  /** Resolves when everything added so far is done. */
  idle(): Promise<void> {
    return this.#last
  }
}
