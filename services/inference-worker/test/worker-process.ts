import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { MODELS_DIR } from './setting.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')

/** The service as it runs in earnest: its own process. */
export class WorkerProcess {
  readonly process: ChildProcess
  #output = ''

  constructor(env: Record<string, string>) {
    this.process = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env.PATH,
        NETWORK: 'local',
        HTTP_PORT: '0',
        MODELS_DIR,
        LOG_FORMAT: 'json',
        PARENT_WATCH: '1',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const keep = (chunk: Buffer): void => {
      this.#output += chunk.toString()
    }
    this.process.stdout?.on('data', keep)
    this.process.stderr?.on('data', keep)
  }

  get output(): string {
    return this.#output
  }

  async exit(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'exit')
    return this.process.exitCode
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    this.process.kill(signal)
    return await this.exit()
  }
}
