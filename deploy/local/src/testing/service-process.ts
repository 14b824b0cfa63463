import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** Pieces of output kept: what a failed test wants to show. */
const MAX_OUTPUT = 2_000

/** A service as a process of its own, as in operation; it ends with the test process. */
export class ServiceProcess implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #output: string[] = []

  /** @param main path of the service's main.ts */
  constructor(main: string, env: Readonly<Record<string, string>>) {
    this.#process = spawn(process.execPath, [main], {
      env: {
        PATH: process.env.PATH,
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

  /** Waits for `ready`. @throws Error with the output where the process ends first */
  async until(ready: Promise<void>): Promise<void> {
    const died = this.ended().then((code) => {
      throw new Error(`the service ended with code ${code}:\n${this.output}`)
    })
    await Promise.race([ready, died])
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
