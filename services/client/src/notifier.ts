/** Calls every listener with each value, in order of subscription; a listener must not throw. */
export class Notifier<T> {
  readonly #listeners = new Set<(value: T) => void>()

  /** Subscribes; the result unsubscribes. */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value)
  }

  get size(): number {
    return this.#listeners.size
  }
}

/** Resolves when `ready` gives a value, asked at once and at each notice; rejects as `signal` aborts. */
export async function waitFor<T, R>(
  notifier: Notifier<T>,
  ready: (value: T | undefined) => R | undefined,
  signal: AbortSignal,
): Promise<R> {
  signal.throwIfAborted()
  const now = ready(undefined)
  if (now !== undefined) return now
  return await new Promise<R>((resolve, reject) => {
    const done = () => {
      off()
      signal.removeEventListener('abort', onAbort)
    }
    const onAbort = () => {
      done()
      reject(signal.reason)
    }
    const off = notifier.on((value) => {
      const result = ready(value)
      if (result === undefined) return
      done()
      resolve(result)
    })
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
