import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { hash160 } from '@camelid/crypto'
import { freePort, ServiceProcess, startTestNats, startTestPostgres } from '@camelid/local/testing'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { type RpcClient, rpcClient } from '@camelid/rpc'
import { Feed } from './feed.ts'
import { keyOf, REWARD_KEY } from './purse.ts'

const CHAIN = fileURLToPath(new URL('../../services/chain/src/main.ts', import.meta.url))

/** The real chain service on a PostgreSQL of its own, with fsync, and a NATS of its own. */
export class BenchNode implements AsyncDisposable {
  readonly databaseUrl: string
  readonly natsUrl: string
  /** Of its gRPC. */
  readonly url: string
  readonly client: RpcClient<typeof ChainService>
  readonly feed: Feed
  readonly #service: ServiceProcess
  readonly #stack: AsyncDisposableStack

  private constructor(parts: {
    databaseUrl: string
    natsUrl: string
    url: string
    client: RpcClient<typeof ChainService>
    service: ServiceProcess
    stack: AsyncDisposableStack
  }) {
    this.databaseUrl = parts.databaseUrl
    this.natsUrl = parts.natsUrl
    this.url = parts.url
    this.client = parts.client
    this.#service = parts.service
    this.#stack = parts.stack
    this.feed = parts.stack.use(new Feed(parts.client))
  }

  static async start(env: Record<string, string> = {}): Promise<BenchNode> {
    await using stack = new AsyncDisposableStack()
    const postgres = await startTestPostgres({ durable: true })
    stack.defer(() => postgres.stop())
    const nats = stack.use(await startTestNats())
    const [{ url: databaseUrl }, port] = await Promise.all([postgres.createDatabase(), freePort()])
    const url = `127.0.0.1:${port}`
    const service = stack.use(
      new ServiceProcess(CHAIN, {
        GRPC_PORT: String(port),
        DATABASE_URL: databaseUrl,
        NATS_URL: nats.url,
        LOG_LEVEL: 'warn',
        ...env,
      }),
    )
    const client = rpcClient(ChainService, url)
    stack.defer(() => client.close())
    await service.answers(port, client)
    return new BenchNode({ databaseUrl, natsUrl: nats.url, url, client, service, stack: stack.move() })
  }

  async height(): Promise<number> {
    return (await this.client.getTip({})).tip?.height ?? 0
  }

  /** Asks for an address that every block pays: whatever the service holds back of its coins has to be in the tables for that. */
  async writeBack(): Promise<void> {
    await this.client.getUtxos({ h2: hash160(keyOf(REWARD_KEY).publicKey), limit: 1 }, { timeoutMs: 120_000 })
  }

  /** Megabytes that the process held at most since the last `forgetPeak`. */
  peakMegabytes(): number {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.#service.pid}/status`, 'utf8'))?.[1]
    if (kilobytes === undefined) throw new Error('Linux says nothing of the memory of the chain process')
    return Number(kilobytes) / 1024
  }

  forgetPeak(): void {
    writeFileSync(`/proc/${this.#service.pid}/clear_refs`, '5')
  }

  /** Seconds of CPU that the process has taken, all its threads. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#service.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}
