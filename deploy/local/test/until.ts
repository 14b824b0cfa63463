import { setTimeout as wait } from 'node:timers/promises'

/** Waits until `check` gives something true; a question that fails is asked again. Throws with `what` after the deadline. */
export async function until<T>(what: string, check: () => Promise<T>, timeoutMs = 60_000): Promise<NonNullable<T>> {
  let last = ''
  for (const end = performance.now() + timeoutMs; performance.now() < end; await wait(100)) {
    try {
      const result = await check()
      if (result !== undefined && result !== null && result !== false) return result
      last = 'not yet'
    } catch (error) {
      last = String(error)
    }
  }
  throw new Error(`waited ${timeoutMs / 1_000} s for ${what}: ${last}`)
}
