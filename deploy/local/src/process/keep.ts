import { setTimeout as wait } from 'node:timers/promises'
import { LaunchError } from '../launch-error.ts'
import type { Guard } from './guard.ts'
import { type ProcessId, sameProcess } from './process-id.ts'
import type { ProcessRecord } from './record.ts'
import { restartLimit } from './restart-limit.ts'
import type { ServerProcess } from './server-process.ts'
import { type ProcessKind, stopProcess } from './stop.ts'

const STOP_MS = 10_000
const RESTART_PAUSE_MS = 500

/** Who sees to it that nothing is left running, and who is told. */
export interface Keepers {
  guard: Guard
  record: ProcessRecord
  stack: AsyncDisposableStack
  say: (line: string) => void
  /** The testnet cannot go on. */
  fail: (error: LaunchError) => void
}

interface KeepOptions {
  name: 'PostgreSQL' | 'NATS'
  kind: ProcessKind
  /** Tells `onSpawn` as soon as the process runs; resolves when it is ready. Throws LaunchError when it does not get so far. */
  start: (onSpawn: (server: ServerProcess) => void) => Promise<ServerProcess>
  keepers: Keepers
}

/** Starts a server, starts it again where it ends by itself (the services wait for it), and stops it with the stack. */
export async function keepServer({ name, kind, start, keepers }: KeepOptions): Promise<void> {
  const { guard, record, stack, say, fail } = keepers
  let running: ProcessId | undefined
  let stopping = false
  const launch = () =>
    start(({ process, ended }) => {
      running = process
      guard.register(process, kind)
      record.add(process, kind)
      void ended.then(() => {
        guard.release(process.pid)
        record.remove(process.pid)
        if (running && sameProcess(running, process)) running = undefined
      })
    })
  stack.defer(async () => {
    stopping = true
    if (running) await stopProcess(running, kind, STOP_MS)
  })
  const follow = async (first: ServerProcess): Promise<void> => {
    const mayRestart = restartLimit()
    for (let how = await first.ended; !stopping; ) {
      if (!mayRestart()) return fail(new LaunchError('SERVER_FAILED', `${name} keeps ending: ${how}`))
      say(`${name} ended (${how}); starting it again`)
      await wait(RESTART_PAUSE_MS)
      if (running) await stopProcess(running, kind, STOP_MS)
      if (stopping) return
      how = await launch().then(
        ({ ended }) => ended,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
    }
  }
  void follow(await launch())
}
