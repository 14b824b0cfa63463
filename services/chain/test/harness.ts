import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort, freshDatabase, startTestNats, type TestNats } from '@camelid/local/testing'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { type RpcClient, rpcClient } from '@camelid/rpc'

export type ChainClient = RpcClient<typeof ChainService>

const CHAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const MINER = fileURLToPath(new URL('../../miner/src/main.ts', import.meta.url))
const START_MS = 30_000

/** A service as a process of its own, as in operation. */
class Service implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #output: string[] = []

  constructor(main: string, env: Record<string, string>) {
    this.#process = spawn(process.execPath, [main], {
      env: {
        PATH: process.env.PATH,
        PARENT_WATCH: '1',
        LOG_LEVEL: 'info',
        HTTP_PORT: '0',
        NETWORK: 'local',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (data: Buffer) => {
        this.#output.push(data.toString())
        if (this.#output.length > 1_000) this.#output.shift()
      })
  }

  get output(): string {
    return this.#output.join('')
  }

  get pid(): number {
    return this.#process.pid ?? 0
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

/** One node's chain with a database and a stream of its own. It can be killed, restarted, and given another clock. */
export class TestChain implements AsyncDisposable {
  readonly client: ChainClient
  readonly nats: TestNats
  readonly databaseUrl: string
  readonly port: number
  #service: Service | undefined

  private constructor(parts: { nats: TestNats; databaseUrl: string; port: number }) {
    this.nats = parts.nats
    this.databaseUrl = parts.databaseUrl
    this.port = parts.port
    this.client = rpcClient(ChainService, `127.0.0.1:${parts.port}`)
  }

  static async start(env: Record<string, string> = {}): Promise<TestChain> {
    const [nats, { url }, port] = await Promise.all([startTestNats(), freshDatabase(), freePort()])
    const chain = new TestChain({ nats, databaseUrl: url, port })
    await chain.start(env)
    return chain
  }

  get url(): string {
    return `127.0.0.1:${this.port}`
  }

  get pid(): number {
    return this.#service?.pid ?? 0
  }

  get output(): string {
    return this.#service?.output ?? ''
  }

  /** Starts the process without waiting for it. */
  spawn(env: Record<string, string> = {}): Service {
    this.#service = new Service(CHAIN, {
      GRPC_PORT: String(this.port),
      DATABASE_URL: this.databaseUrl,
      NATS_URL: this.nats.url,
      ...env,
    })
    return this.#service
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    const service = this.spawn(env)
    const died = service.ended().then((code) => {
      throw new Error(`the chain ended with code ${code}:\n${service.output}`)
    })
    await Promise.race([this.client.ready({ timeoutMs: START_MS }), died])
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    return (await this.#service?.stop(signal)) ?? null
  }

  /** Height of the tip. */
  async height(): Promise<number> {
    return (await this.client.getTip({})).tip?.height ?? 0
  }

  /** Follows the tip until it is at `height` or above. */
  async reach(height: number, timeoutMs = 60_000): Promise<void> {
    for await (const { tip } of this.client.watchTip({}, { timeoutMs })) if ((tip?.height ?? 0) >= height) return
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close()
    await this.stop('SIGKILL')
    await this.nats.stop()
  }
}

/** The real miner on this chain. */
export function startMiner(chain: TestChain, payoutAddress: string, env: Record<string, string> = {}): Service {
  return new Service(MINER, { CHAIN_URL: chain.url, PAYOUT_ADDRESS: payoutAddress, ...env })
}
