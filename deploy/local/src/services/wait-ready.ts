import { setTimeout as wait } from 'node:timers/promises'
import { LaunchError } from '../launch-error.ts'

const POLL_MS = 50
const REQUEST_TIMEOUT_MS = 3_000

interface WaitOptions {
  name: string
  httpPort: number
  timeoutMs: number
  /** Aborts when waiting has become useless, e.g. because the service ended. */
  signal: AbortSignal
}

/** Resolves when /readyz says so. Throws NOT_READY with the unmet checks when that is late. */
export async function waitReady({ name, httpPort, timeoutMs, signal }: WaitOptions): Promise<void> {
  let last = 'it does not answer yet'
  for (const end = performance.now() + timeoutMs; performance.now() < end; ) {
    signal.throwIfAborted()
    const unmet = await askReady(httpPort)
    if (unmet === undefined) return
    last = unmet
    await wait(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
  throw new LaunchError('NOT_READY', `${name} is not ready after ${Math.round(timeoutMs / 1000)} s: ${last}`)
}

/** Undefined when ready; otherwise what is missing. */
async function askReady(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) })
    const text = await response.text()
    return response.ok ? undefined : text.slice(0, 500)
  } catch {
    return 'it does not answer yet'
  }
}
