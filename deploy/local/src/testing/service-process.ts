import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'

/** Pieces of output kept: what a failed test wants to show. */
const MAX_OUTPUT = 2_000

const POLL_MS = 20

interface Connecting {
  ready(wait: { timeoutMs: number }): Promise<void>
}

/** A service as a process of its own, as in operation; it ends with the test process. */
export class ServiceProcess implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #output: string[] = []

  /** @param main path of the service's main.ts */
  constructor(main: string, env: Readonly<Record<string, string>>) {
    this.#process = spawn(process.execPath, [main], {
      env: {
        PATH: process.env.PATH,
        // The system's libraries are the same for both.
        LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH,
        PARENT_WATCH: '1',
        LOG_LEVEL: 'debug',
        HTTP_PORT: '0',
        NETWORK: 'local',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (data: Buffer) => {
        this.#output.push(data.toString())
        if (this.#output.length > MAX_OUTPUT) this.#output.shift()
      })
  }

  get output(): string {
    return this.#output.join('')
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  /**
   * Waits until the process listens at `port` of this machine and `client` is connected to it.
   * A client alone would not do: for a moment its channel still shows the process that listened there before.
   * @throws Error with the output where the process ends first, or is silent for `timeoutMs`
   */
  async answers(port: number, client: Connecting, timeoutMs = 30_000): Promise<void> {
    const abort = new AbortController()
    const died = this.ended().then((code) => {
      throw new Error(`the service ended with code ${code}:\n${this.output}`)
    })
    try {
      await Promise.race([connects(port, AbortSignal.any([abort.signal, AbortSignal.timeout(timeoutMs)])), died])
      await Promise.race([client.ready({ timeoutMs }), died])
    } finally {
      abort.abort()
    }
  }

  /** Exit code, once the process has ended. */
  async ended(): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'exit')
    return this.#process.exitCode
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    this.#process.kill(signal)
    return await this.ended()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL')
  }
}

/** Tries until somebody listens at `port`. @throws the reason of `signal` */
async function connects(port: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1' })
    try {
      await once(socket, 'connect', { signal })
      return
    } catch {
      signal.throwIfAborted()
      await setTimeout(POLL_MS, undefined, { signal })
    } finally {
      socket.destroy()
    }
  }
}
