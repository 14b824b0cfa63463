import { P2pError } from './errors.ts'
import type { Frame } from './frame.ts'
import type { KnownType } from './message-type.ts'

/** Answers of one type that may still come for questions given up long ago; more are forgotten. */
const MAX_CREDIT = 4_096

interface Expectation {
  readonly matches: (frame: Frame) => boolean
  readonly resolve: (frame: Frame) => void
  readonly reject: (error: P2pError) => void
}

/** The questions a connection waits for answers to, and how many answers of each type the peer still owes. */
export class Expectations {
  readonly #max: number
  readonly #pending = new Set<Expectation>()
  readonly #credit = new Map<KnownType, number>()

  constructor(max: number) {
    this.#max = max
  }

  /** Lets `count` more answers of a type in. */
  allow(type: KnownType, count: number): void {
    this.#credit.set(type, Math.min(MAX_CREDIT, (this.#credit.get(type) ?? 0) + count))
  }

  /** May an answer of this type come at all? */
  owed(type: KnownType): boolean {
    return (this.#credit.get(type) ?? 0) > 0
  }

  /** Counts an answer that came. */
  settle(type: KnownType): void {
    const credit = this.#credit.get(type) ?? 0
    if (credit > 0) this.#credit.set(type, credit - 1)
  }

  /**
   * The first frame that matches.
   * @throws P2pError TOO_MANY_REQUESTS, REQUEST_TIMEOUT, ABORTED, or the reason the connection ended
   */
  async wait(
    matches: (frame: Frame) => boolean,
    options: { what: string; timeoutMs: number; signal?: AbortSignal | undefined },
  ): Promise<Frame> {
    if (this.#pending.size >= this.#max)
      throw new P2pError('TOO_MANY_REQUESTS', `${this.#max} questions to this peer wait for an answer already`)
    const { promise, resolve, reject } = Promise.withResolvers<Frame>()
    const expectation = { matches, resolve, reject }
    this.#pending.add(expectation)
    const timer = setTimeout(
      () => reject(new P2pError('REQUEST_TIMEOUT', `no answer to ${options.what} within ${options.timeoutMs} ms`)),
      options.timeoutMs,
    )
    const abort = (): void => reject(new P2pError('ABORTED', `${options.what} was given up`))
    options.signal?.addEventListener('abort', abort, { once: true })
    if (options.signal?.aborted === true) abort()
    try {
      return await promise
    } finally {
      this.#pending.delete(expectation)
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', abort)
    }
  }

  /** Hands a frame to whoever waits for it; false where nobody does. */
  offer(frame: Frame): boolean {
    for (const expectation of this.#pending) {
      if (!expectation.matches(frame)) continue
      this.#pending.delete(expectation)
      expectation.resolve(frame)
      return true
    }
    return false
  }

  /** Fails everything that waits. */
  end(reason: P2pError): void {
    for (const expectation of this.#pending) expectation.reject(reason)
    this.#pending.clear()
  }
}
