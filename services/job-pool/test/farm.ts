import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatePrivateKey, hash160, publicKeyOf, sealKeystore } from '@camelid/crypto'
import { type Bus, connectBus } from '@camelid/events'
import { freePort, freshDatabase, startTestNats, type TestNats } from '@camelid/local/testing'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { type GetNodeResponse, JobPoolService } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { type RpcClient, rpcClient } from '@camelid/rpc'
import { eventually } from './eventually.ts'
import { type Chain, mine } from './mine.ts'
import { type ServiceProcess, startService } from './processes.ts'
import { type StandInGateway, startGateway } from './stand-in-gateway.ts'
import { TestClient } from './test-client.ts'

const MODELS_DIR = fileURLToPath(new URL('../../../models', import.meta.url))
const PASSWORD = 'the password of a test'

type Options = { readonly worker?: Record<string, string> | false; readonly pool?: Record<string, string> }

/** A farm node without its gateway and miner: real PostgreSQL, NATS, chain, job-pool, worker and verifier. */
export class Farm implements AsyncDisposable {
  readonly stack = new AsyncDisposableStack()
  readonly directory = mkdtempSync(join(tmpdir(), 'camelid-job-pool-'))
  readonly nodeSecret = generatePrivateKey()
  readonly rewardSecret = generatePrivateKey()
  readonly chain: Chain
  readonly jobPool: RpcClient<typeof JobPoolService>
  readonly gateway: StandInGateway
  readonly nats: TestNats
  readonly client: TestClient
  readonly #env: Record<string, string>
  readonly #ports: { readonly pool: number; readonly http: number }
  #pool: ServiceProcess | null = null

  private constructor(parts: {
    gateway: StandInGateway
    nats: TestNats
    chainUrl: string
    databaseUrl: string
    ports: { pool: number; http: number }
    env: Record<string, string>
  }) {
    this.gateway = parts.gateway
    this.nats = parts.nats
    this.#ports = parts.ports
    this.chain = rpcClient(ChainService, parts.chainUrl)
    this.jobPool = rpcClient(JobPoolService, `127.0.0.1:${parts.ports.pool}`)
    this.client = new TestClient({ chain: this.chain, jobPool: this.jobPool, gateway: this.gateway })
    const keystore = join(this.directory, 'node.keystore')
    const password = join(this.directory, 'password')
    const secrets = { node: this.nodeSecret, reward: this.rewardSecret }
    writeFileSync(keystore, sealKeystore({ secrets, password: PASSWORD }), { mode: 0o600 })
    writeFileSync(password, PASSWORD, { mode: 0o600 })
    this.#env = {
      NETWORK: 'local',
      NODE_NAME: 'farm',
      DATABASE_URL: parts.databaseUrl,
      NATS_URL: parts.nats.url,
      MODELS_DIR,
      CHAIN_URL: parts.chainUrl,
      GATEWAY_URL: parts.gateway.url,
      GRPC_PORT: String(parts.ports.pool),
      NODE_KEYSTORE: keystore,
      NODE_PASSWORD_FILE: password,
      ...parts.env,
    }
  }

  /** Starts everything; the job-pool waits for funds then. */
  static async start({ worker = {}, pool = {} }: Options = {}): Promise<Farm> {
    const [nats, database, gateway] = await Promise.all([startTestNats(), freshDatabase(), startGateway()])
    const [chainPort, chainHttp, poolPort, poolHttp, workerHttp, verifierHttp] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
      freePort(),
      freePort(),
      freePort(),
    ])
    const farm = new Farm({
      gateway,
      nats,
      chainUrl: `127.0.0.1:${chainPort}`,
      databaseUrl: database.url,
      ports: { pool: poolPort, http: poolHttp },
      env: pool,
    })
    farm.stack.defer(() => rmSync(farm.directory, { recursive: true, force: true }))
    farm.stack.use(nats)
    farm.stack.use(gateway)
    const { directory } = farm
    const common = { NETWORK: 'local', NODE_NAME: 'farm', NATS_URL: nats.url, MODELS_DIR }
    const start = async (name: string, httpPort: number, env: Record<string, string>) => {
      const service = await startService(name, { httpPort, directory, env: { ...common, ...env } })
      farm.stack.defer(() => service.kill())
    }
    await start('chain', chainHttp, { DATABASE_URL: database.url, GRPC_PORT: String(chainPort) })
    if (worker !== false) {
      await Promise.all([start('inference-worker', workerHttp, worker), start('verifier', verifierHttp, {})])
    }
    farm.stack.defer(() => farm.killPool())
    farm.stack.defer(() => {
      farm.chain.close()
      farm.jobPool.close()
    })
    await farm.startPool()
    return farm
  }

  async startPool(): Promise<void> {
    this.#pool = await startService('job-pool', {
      env: this.#env,
      httpPort: this.#ports.http,
      directory: this.directory,
    })
    await this.jobPool.ready({ timeoutMs: 10_000 })
  }

  async killPool(): Promise<void> {
    await this.client.closeStream()
    await this.#pool?.kill()
  }

  async stopPool(): Promise<number | null> {
    await this.client.closeStream()
    return (await this.#pool?.stop()) ?? null
  }

  /** Mines coins for the client, pays the node, and waits until its bond slots are there and aged. */
  async fundNode(coins: bigint): Promise<GetNodeResponse> {
    await mine(this.chain, this.client.h2, 7)
    await this.client.send(hash160(publicKeyOf(this.nodeSecret)), coins)
    await mine(this.chain, this.client.h2)
    await eventually('the transaction of the bond slots', async () => {
      const { waitingFor } = await this.jobPool.getNode({})
      return waitingFor.some((line) => line.startsWith('bonds:')) ? true : null
    })
    await mine(this.chain, this.client.h2, 3)
    return await this.nodeThat('takes jobs', ({ waitingFor }) => waitingFor.length === 0)
  }

  async nodeThat(what: string, holds: (node: GetNodeResponse) => boolean): Promise<GetNodeResponse> {
    return await eventually(`a node that ${what}`, async () => {
      const node = await this.jobPool.getNode({})
      return holds(node) ? node : null
    })
  }

  /** A listener of the node's events, for what is told beside gRPC. */
  async openBus(signal: AbortSignal): Promise<Bus> {
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    return this.stack.use(
      await connectBus({ url: this.nats.url, network: 'local', node: 'farm', name: 'test', log, signal }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync()
  }
}
