import { isCoded } from '@camelid/errors'

const TRANSIENT: ReadonlySet<string> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'CANCELLED',
  'RESOURCE_EXHAUSTED',
  'INTERNAL',
  'BUSY',
  'MEMPOOL_FULL',
])

/** Whether the chain refused by its own word, so that asking again at once could only fail again. */
export function isFinal(error: unknown): boolean {
  return isCoded(error) && !TRANSIENT.has(error.code)
}
