import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const READY_MS = 60_000

/** A service of the project as a process of its own. */
export type ServiceProcess = {
  readonly logFile: string
  /** SIGKILL, as after a crash. */
  kill(): Promise<void>
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>
}

/** Starts `services/<name>` and waits until /readyz says that it serves. */
export async function startService(
  name: string,
  options: { readonly env: Record<string, string>; readonly httpPort: number; readonly directory: string },
): Promise<ServiceProcess> {
  const { env, httpPort, directory } = options
  const logFile = join(directory, `${name}-${httpPort}.log`)
  const log = createWriteStream(logFile, { flags: 'a' })
  const child = spawn(process.execPath, [join(ROOT, 'services', name, 'src/main.ts')], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HTTP_PORT: String(httpPort),
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'debug',
      PARENT_WATCH: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  await ready(child, `http://127.0.0.1:${httpPort}/readyz`, `${name} (see ${logFile})`)
  return {
    logFile,
    kill: async () => {
      await end(child, 'SIGKILL')
    },
    stop: async () => {
      await end(child, 'SIGTERM')
      return child.exitCode
    },
  }
}

async function ready(child: ChildProcess, url: string, what: string): Promise<void> {
  const deadline = Date.now() + READY_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`${what} ended with ${child.exitCode}`)
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok === true) return
    await sleep(100)
  }
  child.kill('SIGKILL')
  throw new Error(`${what} did not become ready`)
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}
