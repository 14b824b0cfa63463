import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Scope } from './subjects.ts'

export interface BusLog {
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
  error: (fields: object, message: string) => void
}

/** What the parts of a bus share. */
export interface Link {
  connection: NatsConnection
  client: JetStreamClient
  manager: JetStreamManager
  scope: Scope
  log: BusLog
}

/** True when the signal aborted during the wait. Never throws. */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(true)
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve(signal.aborted)
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
