import { join } from 'node:path'
import { requireNats } from '../nats/find.ts'
import { startNats } from '../nats/start.ts'
import { freePort } from '../ports/check.ts'
import { type ProcessId, signalProcess, waitForEnd } from '../process/process-id.ts'
import { stopProcess } from '../process/stop.ts'
import { scratchDirectory, testGuard } from './scratch.ts'

export interface TestNats extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Undefined while it is stopped. */
  process: () => ProcessId | undefined
  /** SIGKILL, as after a crash; `start` brings it back with what its streams held. */
  kill: () => Promise<void>
  /** `wiped`: with an empty disk. */
  start: (options?: { wiped: boolean }) => Promise<void>
  stop: () => Promise<void>
}

/** A NATS server with JetStream of one's own. It ends with the test process. */
export async function startTestNats(): Promise<TestNats> {
  const binary = await requireNats((line) => process.stderr.write(`${line}\n`))
  const directory = scratchDirectory()
  const port = await freePort()
  let store = 0
  let running: ProcessId | undefined
  const startOnce = async () => {
    await startNats({
      binary,
      port,
      storeDir: join(directory, `nats-${store}`),
      logFile: join(directory, 'nats.log'),
      onSpawn: (server) => {
        running = server.process
        testGuard().register(running, 'nats')
      },
    })
  }
  const start = async ({ wiped }: { wiped: boolean } = { wiped: false }) => {
    if (wiped) store++
    // Once more: between a kill and a start, another test that looks for a free port may hold this one for a moment.
    await startOnce().catch(startOnce)
  }
  const ended = async (end: (process: ProcessId) => Promise<void>) => {
    if (!running) return
    await end(running)
    testGuard().release(running.pid)
    running = undefined
  }
  const stop = () => ended((process) => stopProcess(process, 'nats', 5_000))
  await start()
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    process: () => running,
    kill: () =>
      ended(async (process) => {
        signalProcess(process, 'SIGKILL')
        await waitForEnd(process, 5_000)
      }),
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
