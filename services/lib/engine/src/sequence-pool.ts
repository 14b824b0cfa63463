import { EngineError } from './errors.ts'
import type { Sequence } from './reading/sequence.ts'

/** Callers beyond the sequences there are; more is a caller without a limit of its own. */
const MAX_WAITING = 256

/** A sequence, and whether what it holds may be continued. */
interface Place {
  readonly sequence: Sequence
  continuable: boolean
}

interface Waiting {
  readonly give: (place: Place) => void
  readonly fail: (error: unknown) => void
}

/** The sequences of one context: those in use at a time are computed in one batch. */
export class SequencePool {
  /** The one that was used longest ago comes first. */
  readonly #free: Place[]
  readonly #waiting: Waiting[] = []
  #closed = false

  constructor(sequences: readonly Sequence[]) {
    this.#free = sequences.map((sequence) => ({ sequence, continuable: false }))
  }

  /**
   * Runs `use` with an empty sequence, waiting for a free one in turn.
   *
   * @throws EngineError ENGINE_BUSY, ENGINE_CLOSED; the signal's reason
   */
  async with<T>(signal: AbortSignal, use: (sequence: Sequence) => Promise<T>): Promise<T> {
    return await this.#hold(signal, [], async (place) => {
      place.continuable = false
      place.sequence.keep(0)
      return await use(place.sequence)
    })
  }

  /**
   * As `with`, but what the sequence reads may be continued by a later call, and this one continues what a free sequence still holds
   * of `tokens`, where that is most of them. The last is always left to be read; none are given where nothing is to be continued.
   *
   * @param use told how many of `tokens` the sequence holds already
   */
  async withPrefix<T>(
    signal: AbortSignal,
    tokens: readonly number[],
    use: (sequence: Sequence, held: number) => Promise<T>,
  ): Promise<T> {
    return await this.#hold(signal, tokens, async (place) => {
      const { sequence } = place
      const held = heldOf(place, tokens)
      place.continuable = false
      sequence.keep(held)
      const result = await use(sequence, held)
      // Not after a failure: nobody knows what was read then.
      place.continuable = true
      return result
    })
  }

  /** @throws EngineError ENGINE_CLOSED */
  requireOpen(): void {
    if (this.#closed) throw closed()
  }

  close(): void {
    this.#closed = true
    for (const waiting of this.#waiting.splice(0)) waiting.fail(closed())
  }

  async #hold<T>(signal: AbortSignal, tokens: readonly number[], use: (place: Place) => Promise<T>): Promise<T> {
    const place = await this.#acquire(signal, tokens)
    try {
      return await use(place)
    } finally {
      this.#release(place)
    }
  }

  #acquire(signal: AbortSignal, tokens: readonly number[]): Promise<Place> {
    signal.throwIfAborted()
    this.requireOpen()
    const place = this.#takeFree(tokens)
    if (place !== undefined) return Promise.resolve(place)
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

  /** The one that holds most of `tokens`; where none does, one that nobody can continue, or else the one used longest ago. */
  #takeFree(tokens: readonly number[]): Place | undefined {
    const held = this.#free.map((place) => heldOf(place, tokens))
    const most = Math.max(...held)
    const plain = this.#free.findIndex(({ continuable }) => !continuable)
    return this.#free.splice(most > 0 ? held.indexOf(most) : Math.max(plain, 0), 1)[0]
  }

  #release(place: Place): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free.push(place)
    else next.give(place)
  }
}

/** How many of `tokens`, the last one left out, are those that the sequence begins with; few are not worth another job's cache. */
function heldOf({ sequence, continuable }: Place, tokens: readonly number[]): number {
  if (!continuable || tokens.length === 0) return 0
  const present = sequence.tokens
  const differs = tokens.findIndex((token, index) => token !== present[index])
  const held = sequence.keepable(Math.min(differs < 0 ? tokens.length : differs, tokens.length - 1))
  return held < tokens.length / 2 ? 0 : held
}

function closed(): EngineError {
  return new EngineError('ENGINE_CLOSED', 'the engine was closed')
}
