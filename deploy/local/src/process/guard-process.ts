/**
 * Runs beside the launcher and outlives it by a moment: when its standard input ends, however the launcher ended, it stops what
 * was registered, services before NATS and PostgreSQL, and removes directories that were only borrowed.
 */
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Guarded, GuardMessage } from './guard.ts'
import { stopProcess } from './stop.ts'

const SERVICE_GRACE_MS = 3_000
const SERVER_GRACE_MS = 5_000

// A Ctrl-C is for the launcher: it tells this process by ending the pipe.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const guarded = new Map<number, Guarded>()
const directories = new Set<string>()

for await (const line of createInterface({ input: process.stdin })) {
  // Only the launcher writes here, with the type it imports from guard.ts.
  const message = JSON.parse(line) as GuardMessage
  if (message.type === 'register') guarded.set(message.process.pid, message)
  else if (message.type === 'release') guarded.delete(message.pid)
  else directories.add(message.path)
}

const all = [...guarded.values()]
const stop = (some: Guarded[], graceMs: number) =>
  Promise.all(some.map(({ process, kind }) => stopProcess(process, kind, graceMs)))
await stop(
  all.filter(({ kind }) => kind === 'service'),
  SERVICE_GRACE_MS,
)
await stop(
  all.filter(({ kind }) => kind !== 'service'),
  SERVER_GRACE_MS,
)
await Promise.all([...directories].map((path) => rm(path, { recursive: true, force: true })))
