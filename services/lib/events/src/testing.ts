import { setTimeout as wait } from 'node:timers/promises'
import type { BusLog } from './link.ts'

/** Warnings are expected where tests take servers away. */
export const quietLog: BusLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

export const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value)
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const DEADLINE_MS = 60_000

/** Collects what arrives and waits for a number of it. */
export function collector<T>(): { items: T[]; add(item: T): void; reached(count: number): Promise<void> } {
  const items: T[] = []
  return {
    items,
    add: (item) => void items.push(item),
    reached: async (count) => {
      for (const end = performance.now() + DEADLINE_MS; items.length < count; await wait(5))
        if (performance.now() > end)
          throw new Error(`only ${items.length} of ${count} arrived: ${JSON.stringify(items)}`)
    },
  }
}
