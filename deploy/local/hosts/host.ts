import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { CLI } from '../src/checkout.ts'

interface HostOptions {
  readonly name: string
  /** Before every command, so that it runs on this host. */
  readonly on: readonly [string, ...string[]]
  /** main.ts of the launcher. */
  readonly launcher: string
  readonly env: NodeJS.ProcessEnv
}

/** One host with a testnet of its own: its PostgreSQL, its NATS, one full node and a client. */
export class Host implements AsyncDisposable {
  readonly name: string
  readonly #on: HostOptions['on']
  readonly #launcher: ChildProcess
  #output = ''

  constructor({ name, on, launcher, env }: HostOptions) {
    this.name = name
    this.#on = on
    const [program, ...args] = on
    this.#launcher = spawn(program, [...args, process.execPath, launcher, 'testnet'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#launcher.stdout, this.#launcher.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
      })
  }

  /** Throws, with what it printed, where its launcher has ended. */
  assertRuns(): void {
    if (this.#launcher.exitCode !== null) throw new Error(`${this.name} ended:\n${this.#output}`)
  }

  /** What `camelid … --json` says there. */
  async ask(...command: string[]): Promise<unknown> {
    const [program, ...args] = this.#on
    const { stdout } = await promisify(execFile)(program, [...args, process.execPath, CLI, ...command, '--json'])
    return JSON.parse(stdout)
  }

  /** As Ctrl-C does. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#launcher.exitCode !== null) return
    this.#launcher.kill('SIGINT')
    await once(this.#launcher, 'exit')
  }
}
