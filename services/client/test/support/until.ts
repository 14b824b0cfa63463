import { setTimeout as wait } from 'node:timers/promises'

const DEADLINE_MS = 30_000

/** Waits until `ready` gives something; fails, with `what`, after half a minute. */
export async function until<T>(what: string, ready: () => T | undefined | false): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS
  for (;;) {
    const result = ready()
    if (result !== undefined && result !== false) return result
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await wait(20)
  }
}
