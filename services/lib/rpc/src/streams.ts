import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

/** Writes everything `source` gives, waiting whenever the other side is slow; stops early when `signal` aborts. */
export async function writeAll<T>(target: Writable, source: AsyncIterable<T>, signal: AbortSignal): Promise<void> {
  const iterator = source[Symbol.asyncIterator]()
  const stopped = abortion(signal)
  try {
    while (!signal.aborted) {
      const step = await Promise.race([iterator.next(), stopped.promise])
      if (step === ABORTED || step.done) return
      if (target.destroyed || target.writableEnded) return
      if (!target.write(step.value)) await once(target, 'drain', { signal }).catch(() => undefined)
    }
  } finally {
    stopped.release()
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

function abortion(signal: AbortSignal): { promise: Promise<typeof ABORTED>; release(): void } {
  const { promise, resolve } = Promise.withResolvers<typeof ABORTED>()
  const onAbort = () => resolve(ABORTED)
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return { promise, release: () => signal.removeEventListener('abort', onAbort) }
}
