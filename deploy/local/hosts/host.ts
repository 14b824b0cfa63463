import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { CLI } from '../src/checkout.ts'

const LAUNCHER = join(import.meta.dirname, 'launch.ts')
/** Each question is a process: asked without a pause they leave nothing for what is waited for. */
const PAUSE_MS = 1_000

interface HostOptions {
  readonly name: string
  /** As the other hosts reach it. */
  readonly address: string
  /** Before every command, so that it runs on this host. */
  readonly on: readonly [string, ...string[]]
  readonly home: string
  readonly env: NodeJS.ProcessEnv
}

/** One host with a testnet of its own: its PostgreSQL, its NATS, one full node and a client. */
export class Host implements AsyncDisposable {
  readonly name: string
  readonly address: string
  readonly #on: HostOptions['on']
  readonly #home: string
  readonly #launcher: ChildProcess
  #output = ''

  constructor({ name, address, on, home, env }: HostOptions) {
    this.name = name
    this.address = address
    this.#on = on
    this.#home = home
    const [program, ...args] = on
    this.#launcher = spawn(program, [...args, process.execPath, LAUNCHER], {
      env: { ...env, CAMELID_HOME: home },
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
    await delay(PAUSE_MS)
    const [program, ...args] = this.#on
    const { stdout } = await promisify(execFile)(program, [...args, process.execPath, CLI, ...command, '--json'])
    return JSON.parse(stdout)
  }

  /** Pays coins that were mined here. */
  async pay(address: string, coins: number): Promise<void> {
    const keystore = join(this.#home, 'keys/mining.keystore')
    await this.ask('faucet', address, String(coins), '--keystore', keystore)
  }

  /** As Ctrl-C does. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#launcher.exitCode !== null) return
    this.#launcher.kill('SIGINT')
    await once(this.#launcher, 'exit')
  }
}
