import { type ProcessId, signalProcess, waitForEnd } from './process-id.ts'

export type ProcessKind = 'service' | 'nats' | 'postgres'

/** PostgreSQL: SIGINT ends its sessions and writes a checkpoint, SIGQUIT does not wait for that. */
const GENTLE = { service: 'SIGTERM', nats: 'SIGTERM', postgres: 'SIGINT' } as const
const FIRM = { service: 'SIGKILL', nats: 'SIGKILL', postgres: 'SIGQUIT' } as const
const KILL_MS = 1_000

/** Asks, waits `graceMs`, then makes sure. Resolves when the process is gone. */
export async function stopProcess(process: ProcessId, kind: ProcessKind, graceMs: number): Promise<void> {
  if (!signalProcess(process, GENTLE[kind])) return
  if (await waitForEnd(process, graceMs)) return
  signalProcess(process, FIRM[kind])
  if (await waitForEnd(process, KILL_MS)) return
  signalProcess(process, 'SIGKILL')
  await waitForEnd(process, KILL_MS)
}
