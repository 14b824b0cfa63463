import { fileURLToPath } from 'node:url'
import { freePort, freshDatabase, ServiceProcess, startTestNats, type TestNats } from '@camelid/local/testing'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { type RpcClient, rpcClient } from '@camelid/rpc'

export type ChainClient = RpcClient<typeof ChainService>

const CHAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const MINER = fileURLToPath(new URL('../../miner/src/main.ts', import.meta.url))

/** One node's chain with a database and a stream of its own. It can be killed, restarted, and given another clock. */
export class TestChain implements AsyncDisposable {
  readonly client: ChainClient
  readonly nats: TestNats
  readonly databaseUrl: string
  readonly port: number
  #service: ServiceProcess | undefined

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
  spawn(env: Record<string, string> = {}): ServiceProcess {
    this.#service = new ServiceProcess(CHAIN, {
      GRPC_PORT: String(this.port),
      DATABASE_URL: this.databaseUrl,
      NATS_URL: this.nats.url,
      ...env,
    })
    return this.#service
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    await this.spawn(env).answers(this.port, this.client)
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
export function startMiner(chain: TestChain, payoutAddress: string, env: Record<string, string> = {}): ServiceProcess {
  return new ServiceProcess(MINER, { CHAIN_URL: chain.url, PAYOUT_ADDRESS: payoutAddress, ...env })
}
