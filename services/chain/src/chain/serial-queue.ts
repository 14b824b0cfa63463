import { ChainError } from '../chain-error.ts'

/**
 * Runs one task at a time, in the order they came: everything that changes the chain or the mempool goes through it,
 * so that what one task read is still true when it writes.
 */
export class SerialQueue {
  readonly #limit: number
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  /** @param limit tasks that may wait */
  constructor(limit: number) {
    this.#limit = limit
  }

  get waiting(): number {
    return this.#waiting
  }

  /** @throws ChainError BUSY when too many tasks wait */
  run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#limit)
      return Promise.reject(
        new ChainError('BUSY', `${this.#limit} blocks and transactions wait already: try again later`),
      )
    this.#waiting++
    const result = this.#last.then(task).finally(() => {
      this.#waiting--
    })
    // The next task runs whether this one failed or not; the failure is its caller's.
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Resolves when all tasks that were accepted so far are over. */
  async idle(): Promise<void> {
    await this.#last
  }
}
