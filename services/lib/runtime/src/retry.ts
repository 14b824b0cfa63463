import type { Logger } from 'pino'
import { sleep } from './sleep.ts'

interface RetryOptions {
  signal: AbortSignal
  log: Pick<Logger, 'warn'>
  /** Named in the log: "waiting for <what>". */
  what: string
  /** Tries in all; no limit if neither this nor deadlineMs is given: then the signal ends it. */
  attempts?: number
  /** Milliseconds after which no further try starts. */
  deadlineMs?: number
  /** First pause in milliseconds; doubles up to maxDelayMs, with jitter. */
  delayMs?: number
  maxDelayMs?: number
  /** False: give up at once, e.g. because the other side refused rather than failed. */
  retryable?: (error: unknown) => boolean
}

/** Calls `attempt` until it succeeds; throws its last error when tries or time run out, the abort reason on abort. */
export async function retry<T>(attempt: (tries: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, log, what, attempts = Number.POSITIVE_INFINITY, deadlineMs = Number.POSITIVE_INFINITY } = options
  const { delayMs = 100, maxDelayMs = 5_000, retryable = () => true } = options
  const started = performance.now()
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted()
    try {
      return await attempt(tries)
    } catch (error) {
      signal.throwIfAborted()
      const pause = Math.min(maxDelayMs, delayMs * 2 ** Math.min(tries - 1, 16)) * (0.75 + Math.random() / 2)
      const late = performance.now() - started + pause > deadlineMs
      if (tries >= attempts || late || !retryable(error)) throw error
      // The first failures are normal while everything starts at once: say it once, then seldom.
      if (tries === 3 || tries % 20 === 0) log.warn({ tries, reason: reasonOf(error) }, `waiting for ${what}`)
      await sleep(pause, signal)
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message !== '') return error.message
  return 'code' in error ? String(error.code) : error.name
}
