import type { JobRecord } from './store/jobs.ts'

/** A watcher that falls behind by more than this many changes is cut off. */
const MAX_BEHIND = 1_000

type Watcher = { readonly queue: JobRecord[]; wake: () => void; lost: boolean }

/** Changes of jobs, for those who watch them now. */
export class ChangeFeed {
  readonly #watchers = new Set<Watcher>()

  publish(record: JobRecord): void {
    for (const watcher of this.#watchers) {
      if (watcher.queue.length >= MAX_BEHIND) watcher.lost = true
      else watcher.queue.push(record)
      watcher.wake()
    }
  }

  /** Changes from now on, until the signal aborts or the watcher is too slow. */
  async *watch(signal: AbortSignal): AsyncGenerator<JobRecord> {
    const watcher: Watcher = { queue: [], wake: () => undefined, lost: false }
    this.#watchers.add(watcher)
    const stop = () => watcher.wake()
    signal.addEventListener('abort', stop, { once: true })
    try {
      while (!signal.aborted && !watcher.lost) {
        const next = watcher.queue.shift()
        if (next !== undefined) {
          yield next
          continue
        }
        await new Promise<void>((resolve) => {
          watcher.wake = resolve
          if (signal.aborted || watcher.queue.length > 0) resolve()
        })
      }
    } finally {
      signal.removeEventListener('abort', stop)
      this.#watchers.delete(watcher)
    }
  }
}
