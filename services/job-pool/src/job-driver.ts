/** Jobs that are taken forward at the same time. */
const PARALLEL = 16
/** After a failure of what a step depends on. */
const RETRY_MS = 1_000

type DriverOptions = {
  /** Takes one job as far as it goes now; gives when to look again, in Unix milliseconds, or null. */
  readonly drive: (hex: string) => Promise<number | null>
  readonly nowMs: () => number
  readonly onError: (hex: string, error: unknown) => void
}

/** Wakes jobs, at once or when their next step is due. Every step reads the database, so waking too often does no harm. */
export class JobDriver {
  readonly #options: DriverOptions
  readonly #queued = new Set<string>()
  readonly #timers = new Map<string, { readonly atMs: number; readonly timer: NodeJS.Timeout }>()
  readonly #running = new Set<Promise<void>>()
  #stopped = false

  constructor(options: DriverOptions) {
    this.#options = options
  }

  /** Takes the job forward as soon as there is room. */
  wake(hex: string): void {
    if (this.#stopped) return
    this.#queued.add(hex)
    this.#pump()
  }

  /** Looks at the job again at this time, or earlier where that was asked for before. */
  wakeAt(hex: string, atMs: number): void {
    if (this.#stopped) return
    const pending = this.#timers.get(hex)
    if (pending !== undefined) {
      if (pending.atMs <= atMs) return
      clearTimeout(pending.timer)
    }
    const delay = Math.min(Math.max(atMs - this.#options.nowMs(), 1), 2 ** 31 - 1)
    const timer = setTimeout(() => {
      this.#timers.delete(hex)
      this.wake(hex)
    }, delay)
    this.#timers.set(hex, { atMs, timer })
  }

  #pump(): void {
    while (this.#running.size < PARALLEL) {
      const hex = this.#queued.values().next().value
      if (hex === undefined) return
      this.#queued.delete(hex)
      const run = this.#drive(hex).finally(() => {
        this.#running.delete(run)
        if (!this.#stopped) this.#pump()
      })
      this.#running.add(run)
    }
  }

  async #drive(hex: string): Promise<void> {
    try {
      const next = await this.#options.drive(hex)
      if (next !== null) this.wakeAt(hex, next)
    } catch (error) {
      this.#options.onError(hex, error)
      this.wakeAt(hex, this.#options.nowMs() + RETRY_MS)
    }
  }

  /** No further steps; resolves when those that run are over. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const { timer } of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#queued.clear()
    await Promise.all(this.#running)
  }
}
