import { EngineError } from './errors.ts'

const MIB = 2 ** 20

/** Memory that models and their contexts may take together: all engines of a process share one. */
export class ModelMemory {
  readonly #limit: number
  #taken = 0

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit
  }

  /**
   * Sets bytes aside before they are taken, until the result is disposed.
   *
   * @throws EngineError MODEL_TOO_LARGE
   */
  reserve(bytes: number, what: string): Disposable {
    const free = this.#limit - this.#taken
    if (bytes > free) {
      const detail = `${what}: ${mib(bytes)} MiB are needed, but of the ${mib(this.#limit)} MiB for models ${mib(free)} are free: hold fewer or smaller models or fewer sequences, or raise MODEL_MEMORY_MB`
      throw new EngineError('MODEL_TOO_LARGE', detail, { data: { bytes, free, limit: this.#limit } })
    }
    this.#taken += bytes
    let held = bytes
    return {
      [Symbol.dispose]: () => {
        this.#taken -= held
        held = 0
      },
    }
  }
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(bytes < 10 * MIB ? 1 : 0)
}
