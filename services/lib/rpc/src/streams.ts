import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

/** Writes everything `source` gives, waiting whenever the other side is slow; stops early when `signal` aborts. */
export async function writeAll<T>(target: Writable, source: AsyncIterable<T>, signal: AbortSignal): Promise<void> {
  const iterator = source[Symbol.asyncIterator]()
  const abortable = new Abortable(signal)
  try {
    while (!signal.aborted) {
      const step = await abortable.wait(iterator.next())
      if (step === ABORTED || step.done) return
      if (target.destroyed || target.writableEnded) return
      if (!target.write(step.value)) await once(target, 'drain', { signal }).catch(() => undefined)
    }
  } finally {
    abortable.release()
    // Not awaited: a source stuck in its own wait must not hold the call open; it has the signal.
    iterator.return?.()?.then(undefined, () => undefined)
  }
}

/** Messages of `source` in order. Ends with an error, never like a normal end, when `signal` aborts. */
export async function* readAll<T>(source: Readable, signal: AbortSignal, aborted: () => unknown): AsyncGenerator<T> {
  for await (const message of source) {
    if (signal.aborted) throw aborted()
    yield message
  }
  // A cancellation that follows the end of the stream closely arrives in the same packet, one turn later.
  await setImmediate()
  if (signal.aborted) throw aborted()
}

const ABORTED = Symbol('aborted')

/** Waits that a signal ends. Not Promise.race: what lost to a promise that lasts is held for as long as that one does. */
class Abortable {
  readonly #signal: AbortSignal
  #abort: (() => void) | undefined
  readonly #onAbort = (): void => this.#abort?.()

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** One at a time. */
  wait<T>(promise: Promise<T>): Promise<T | typeof ABORTED> {
    return new Promise((resolve, reject) => {
      this.#abort = () => resolve(ABORTED)
      promise.then(resolve, reject)
      if (this.#signal.aborted) resolve(ABORTED)
    })
  }

  release(): void {
    this.#abort = undefined
    this.#signal.removeEventListener('abort', this.#onAbort)
  }
}
