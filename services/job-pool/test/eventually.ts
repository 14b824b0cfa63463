import { setTimeout as sleep } from 'node:timers/promises'

/** Asks until it gets something; what it last threw, or the lack of an answer, after the deadline. */
export async function eventually<T>(what: string, ask: () => Promise<T | null>, withinMs = 30_000): Promise<T> {
  const deadline = Date.now() + withinMs
  let last: unknown = null
  while (Date.now() < deadline) {
    try {
      const answer = await ask()
      if (answer !== null) return answer
    } catch (error) {
      last = error
    }
    await sleep(40)
  }
  throw new Error(`${what} did not come about within ${withinMs} ms`, { cause: last })
}
