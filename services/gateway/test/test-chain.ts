import { fileURLToPath } from 'node:url'
import { freePort, freshDatabase, ServiceProcess } from '@camelid/local/testing'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { type RpcClient, rpcClient } from '@camelid/rpc'
import { sharedNats } from './shared-nats.ts'

const CHAIN = fileURLToPath(new URL('../../chain/src/main.ts', import.meta.url))
const MINER = fileURLToPath(new URL('../../miner/src/main.ts', import.meta.url))

interface ChainOptions {
  /** The program, the chain service's own unless given. */
  readonly main?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A chain process of a farm, with the miner where blocks are wanted. */
export class TestChain implements AsyncDisposable {
  readonly client: RpcClient<typeof ChainService>
  readonly url: string
  readonly env: Record<string, string>
  readonly #main: string
  #chain: ServiceProcess | undefined

  private constructor(port: number, main: string, env: Record<string, string>) {
    this.#main = main
    this.url = `127.0.0.1:${port}`
    this.client = rpcClient(ChainService, this.url)
    this.env = { GRPC_PORT: String(port), ...env }
  }

  /** @param name NODE_NAME of the farm, whose events the chain tells */
  static async prepare(name: string, { main = CHAIN, env = {} }: ChainOptions = {}): Promise<TestChain> {
    const [{ url: NATS_URL }, { url: DATABASE_URL }, port] = await Promise.all([
      sharedNats(),
      freshDatabase(),
      freePort(),
    ])
    return new TestChain(port, main, { NATS_URL, DATABASE_URL, NODE_NAME: name, ...env })
  }

  async start(): Promise<void> {
    this.#chain = new ServiceProcess(this.#main, this.env)
    await this.#chain.answers(Number(this.env.GRPC_PORT), this.client)
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.#chain?.stop(signal)
  }

  startMiner(payoutAddress: string): ServiceProcess {
    return new ServiceProcess(MINER, {
      CHAIN_URL: this.url,
      PAYOUT_ADDRESS: payoutAddress,
      MINER_DUTY: '0.3',
      MIN_BLOCK_INTERVAL_MS: '0',
    })
  }

  async height(): Promise<number> {
    return (await this.client.getTip({})).tip?.height ?? 0
  }

  async reach(height: number, timeoutMs = 60_000): Promise<void> {
    for await (const { tip } of this.client.watchTip({}, { timeoutMs })) if ((tip?.height ?? 0) >= height) return
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close()
    await this.stop('SIGKILL')
  }
}
