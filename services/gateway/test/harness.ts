import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { networkParams } from '@camelid/consensus'
import { generatePrivateKey, sealKeystore } from '@camelid/crypto'
import { freePort, freshDatabase, startTestNats, type TestNats } from '@camelid/local/testing'
import { dialPeer, type Frame, type Identity, identityOf, type PeerConnection, type PeerOptions } from '@camelid/p2p'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { type RpcClient, rpcClient } from '@camelid/rpc'

const MAIN = {
  gateway: fileURLToPath(new URL('../src/main.ts', import.meta.url)),
  chain: fileURLToPath(new URL('../../chain/src/main.ts', import.meta.url)),
  miner: fileURLToPath(new URL('../../miner/src/main.ts', import.meta.url)),
}
const PASSWORD = 'correct horse battery staple'
const START_MS = 30_000

export const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }

/** A service as a process of its own, as in operation; it ends with the test process. */
export class ServiceProcess implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #output: string[] = []

  constructor(service: keyof typeof MAIN, env: Record<string, string>) {
    this.#process = spawn(process.execPath, [MAIN[service]], {
      env: {
        PATH: process.env['PATH'],
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
        if (this.#output.length > 2_000) this.#output.shift()
      })
  }

  get output(): string {
    return this.#output.join('')
  }

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

let nats: Promise<TestNats> | undefined
let farms = 0

/** What the farms of one test file share: a NATS server, in which each has a name of its own. */
export function sharedNats(): Promise<TestNats> {
  nats ??= startTestNats()
  return nats
}

/** A gateway process with a key, a database and ports of its own, which it keeps over restarts. */
export class TestGateway implements AsyncDisposable {
  readonly identity: Identity = identityOf(generatePrivateKey())
  readonly name = `farm-${++farms}`
  readonly directory = mkdtempSync(join(tmpdir(), 'camelid-gateway-'))
  readonly client: RpcClient<typeof GatewayService>
  readonly port: number
  readonly env: Record<string, string>
  #process: ServiceProcess | undefined

  private constructor(ports: { p2p: number; grpc: number }, env: Record<string, string>) {
    this.port = ports.p2p
    this.client = rpcClient(GatewayService, `127.0.0.1:${ports.grpc}`)
    writeFileSync(
      join(this.directory, 'node.keystore'),
      sealKeystore({ secrets: { node: this.identity.privateKey }, password: PASSWORD }),
    )
    writeFileSync(join(this.directory, 'password'), `${PASSWORD}\n`, { mode: 0o600 })
    this.env = {
      NODE_NAME: this.name,
      NODE_KEYSTORE: join(this.directory, 'node.keystore'),
      NODE_PASSWORD_FILE: join(this.directory, 'password'),
      P2P_PORT: String(ports.p2p),
      GRPC_PORT: String(ports.grpc),
      ...env,
    }
  }

  static async prepare(env: Record<string, string> = {}): Promise<TestGateway> {
    const [{ url: NATS_URL }, { url: DATABASE_URL }, p2p, grpc] = await Promise.all([
      sharedNats(),
      freshDatabase(),
      freePort(),
      freePort(),
    ])
    return new TestGateway({ p2p, grpc }, { NATS_URL, DATABASE_URL, ...env })
  }

  static async start(env: Record<string, string> = {}): Promise<TestGateway> {
    const gateway = await TestGateway.prepare(env)
    await gateway.start()
    return gateway
  }

  get output(): string {
    return this.#process?.output ?? ''
  }

  spawn(env: Record<string, string> = {}): ServiceProcess {
    this.#process = new ServiceProcess('gateway', { ...this.env, ...env })
    return this.#process
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    const service = this.spawn(env)
    const died = service.ended().then((code) => {
      throw new Error(`the gateway ended with code ${code}:\n${service.output}`)
    })
    await Promise.race([this.client.ready({ timeoutMs: START_MS }), died])
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    return (await this.#process?.stop(signal)) ?? null
  }

  /** A peer of this gateway, by default a light client. */
  async dial(options: Partial<PeerOptions> = {}): Promise<TestPeer> {
    return new TestPeer(
      await dialPeer({
        identity: identityOf(generatePrivateKey()),
        params: networkParams('local'),
        services: 0n,
        agent: 'test/1',
        getStatus: () => ({ height: 0, work: new Uint8Array(0) }),
        log: silent,
        ...options,
        host: '127.0.0.1',
        port: this.port,
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close()
    await this.stop('SIGKILL')
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** A peer that notes every frame it gets. */
export class TestPeer {
  readonly connection: PeerConnection
  readonly got: Frame[] = []

  constructor(connection: PeerConnection) {
    this.connection = connection
    void this.#collect()
  }

  async #collect(): Promise<void> {
    for await (const frame of this.connection.frames) this.got.push(frame)
  }

  /** The frames of one type so far. */
  of(type: number): Frame[] {
    return this.got.filter((frame) => frame.type === type)
  }
}

/** A chain process of a farm, with the miner where blocks are wanted. */
export class TestChain implements AsyncDisposable {
  readonly client: RpcClient<typeof ChainService>
  readonly url: string
  readonly env: Record<string, string>
  #chain: ServiceProcess | undefined

  private constructor(port: number, env: Record<string, string>) {
    this.url = `127.0.0.1:${port}`
    this.client = rpcClient(ChainService, this.url)
    this.env = { GRPC_PORT: String(port), ...env }
  }

  /** @param name NODE_NAME of the farm, whose events the chain tells */
  static async prepare(name: string): Promise<TestChain> {
    const [{ url: NATS_URL }, { url: DATABASE_URL }, port] = await Promise.all([
      sharedNats(),
      freshDatabase(),
      freePort(),
    ])
    return new TestChain(port, { NATS_URL, DATABASE_URL, NODE_NAME: name })
  }

  async start(): Promise<void> {
    this.#chain = new ServiceProcess('chain', this.env)
    const service = this.#chain
    const died = service.ended().then((code) => {
      throw new Error(`the chain ended with code ${code}:\n${service.output}`)
    })
    await Promise.race([this.client.ready({ timeoutMs: START_MS }), died])
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.#chain?.stop(signal)
  }

  startMiner(payoutAddress: string): ServiceProcess {
    return new ServiceProcess('miner', { CHAIN_URL: this.url, PAYOUT_ADDRESS: payoutAddress, MINER_DUTY: '0.3' })
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

/** Waits until `check` gives something true. */
export async function until<T>(what: string, check: () => T | Promise<T>, timeoutMs = 15_000): Promise<NonNullable<T>> {
  const started = performance.now()
  for (;;) {
    const result = await check()
    if (result !== undefined && result !== null && result !== false) return result
    if (performance.now() - started > timeoutMs) throw new Error(`waited ${timeoutMs} ms for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
