import type { LlamaContext, LlamaContextSequence } from 'node-llama-cpp'
import { EngineError } from './errors.ts'

/** Callers beyond the sequences there are; more is a caller without a limit of its own. */
const MAX_WAITING = 256

interface Waiting {
  readonly give: (sequence: LlamaContextSequence) => void
  readonly fail: (error: unknown) => void
}

/** The sequences of one context: those in use at a time are computed in one batch. */
export class SequencePool {
  readonly #free: LlamaContextSequence[]
  readonly #waiting: Waiting[] = []
  #closed = false

  constructor(context: LlamaContext, count: number) {
    this.#free = Array.from({ length: count }, () => context.getSequence())
  }

  /**
   * Runs `use` with an empty sequence, waiting for a free one in turn.
   *
   * @throws EngineError ENGINE_BUSY, ENGINE_CLOSED; the signal's reason
   */
  async with<T>(signal: AbortSignal, use: (sequence: LlamaContextSequence) => Promise<T>): Promise<T> {
    const sequence = await this.#acquire(signal)
    try {
      await sequence.clearHistory()
      return await use(sequence)
    } finally {
      this.#release(sequence)
    }
  }

  /** @throws EngineError ENGINE_CLOSED */
  requireOpen(): void {
    if (this.#closed) throw closed()
  }

  close(): void {
    this.#closed = true
    for (const waiting of this.#waiting.splice(0)) waiting.fail(closed())
  }

  #acquire(signal: AbortSignal): Promise<LlamaContextSequence> {
    signal.throwIfAborted()
    this.requireOpen()
    const sequence = this.#free.pop()
    if (sequence !== undefined) return Promise.resolve(sequence)
    if (this.#waiting.length >= MAX_WAITING) {
      throw new EngineError('ENGINE_BUSY', `${MAX_WAITING} calls wait for a sequence already: send fewer at a time`)
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        reject(signal.reason)
      }
      const waiting: Waiting = {
        give: (given) => {
          signal.removeEventListener('abort', abort)
          resolve(given)
        },
        fail: (error) => {
          signal.removeEventListener('abort', abort)
          reject(error)
        },
      }
      signal.addEventListener('abort', abort, { once: true })
      this.#waiting.push(waiting)
    })
  }

  #release(sequence: LlamaContextSequence): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(sequence)
    else next.give(sequence)
  }
}

function closed(): EngineError {
  return new EngineError('ENGINE_CLOSED', 'the engine was closed')
}
