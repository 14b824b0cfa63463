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

type Ports = { readonly chain: number; readonly pool: number }
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
  readonly #ports: Ports
  readonly #processes = new Map<string, ServiceProcess>()

  private constructor(parts: {
    gateway: StandInGateway
    nats: TestNats
    databaseUrl: string
    ports: Ports
    env: Record<string, string>
  }) {
    this.gateway = parts.gateway
    this.nats = parts.nats
    this.#ports = parts.ports
    const chainUrl = `127.0.0.1:${parts.ports.chain}`
    this.chain = rpcClient(ChainService, chainUrl)
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
      CHAIN_URL: chainUrl,
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
    const [chain, poolPort] = await Promise.all([freePort(), freePort()])
    const ports = { chain, pool: poolPort }
    const farm = new Farm({ gateway, nats, databaseUrl: database.url, ports, env: pool })
    farm.stack.defer(() => rmSync(farm.directory, { recursive: true, force: true }))
    farm.stack.use(nats)
    farm.stack.use(gateway)
    farm.stack.defer(() => farm.#endAll())
    farm.stack.defer(() => {
      farm.chain.close()
      farm.jobPool.close()
    })
    try {
      await farm.startChain()
      if (worker !== false) await farm.startWorkers(worker)
      await farm.startPool()
    } catch (error) {
      await farm[Symbol.asyncDispose]()
      throw error
    }
    return farm
  }

  async startChain(): Promise<void> {
    await this.#start('chain', { ...this.#env, GRPC_PORT: String(this.#ports.chain) })
    await this.chain.ready({ timeoutMs: 10_000 })
  }

  /** One worker and one verifier. */
  async startWorkers(env: Record<string, string> = {}): Promise<void> {
    await Promise.all([
      this.#start('inference-worker', { ...this.#env, ...env }),
      this.#start('verifier', { ...this.#env }),
    ])
  }

  async startPool(): Promise<void> {
    await this.#start('job-pool', this.#env)
    await this.jobPool.ready({ timeoutMs: 10_000 })
  }

  async killPool(): Promise<void> {
    await this.client.closeStream()
    await this.kill('job-pool')
  }

  async stopPool(): Promise<number | null> {
    await this.client.closeStream()
    return (await this.#processes.get('job-pool')?.stop()) ?? null
  }

  /** SIGKILL to one service, by its folder's name. */
  async kill(name: string): Promise<void> {
    await this.#processes.get(name)?.kill()
  }

  async #start(name: string, env: Record<string, string>): Promise<void> {
    const httpPort = await freePort()
    this.#processes.set(name, await startService(name, { httpPort, directory: this.directory, env }))
  }

  async #endAll(): Promise<void> {
    await this.client.closeStream()
    for (const service of [...this.#processes.values()].reverse()) await service.kill()
  }

  /** Mines coins for the client, pays the node, and waits until its bond slots are there and aged. */
  async fundNode(coins: bigint): Promise<GetNodeResponse> {
    await this.prepareBonds(coins)
    return await this.nodeThat('takes jobs', ({ waitingFor }) => waitingFor.length === 0)
  }

  /** As `fundNode`, where the node lacks a worker. */
  async prepareBonds(coins: bigint): Promise<void> {
    await mine(this.chain, this.client.h2, 7)
    await this.fundBonds(coins)
  }

  /** Pays the node from the client's coins, and waits until its bond slots are there and aged. */
  async fundBonds(coins: bigint): Promise<void> {
    await this.client.send(hash160(publicKeyOf(this.nodeSecret)), coins)
    await mine(this.chain, this.client.h2)
    await eventually('the transaction of the bond slots', async () => {
      const { waitingFor } = await this.jobPool.getNode({})
      return waitingFor.some((line) => line.startsWith('bonds:')) ? true : null
    })
    await mine(this.chain, this.client.h2, 3)
    await this.nodeThat('has its bond slots', ({ bonds }) => bonds.some(({ aged }) => aged))
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
