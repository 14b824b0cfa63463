import type { Guard } from './guard.ts'
import type { ProcessId } from './process-id.ts'
import type { ProcessRecord } from './record.ts'
import { type ProcessKind, stopProcess } from './stop.ts'

const STOP_MS = 10_000

/** Who sees to it that nothing is left running: the guard, the record on disk, and the stack of the launcher itself. */
export interface Keepers {
  guard: Guard
  record: ProcessRecord
  stack: AsyncDisposableStack
}

/** Hands a server over to all three. */
export function keepServer(server: ProcessId, kind: ProcessKind, { guard, record, stack }: Keepers): void {
  guard.register(server, kind)
  record.add(server, kind)
  stack.defer(async () => {
    await stopProcess(server, kind, STOP_MS)
    guard.release(server.pid)
    record.remove(server.pid)
  })
}
