import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { networkParams } from '@camelid/consensus'
import { generatePrivateKey, sealKeystore } from '@camelid/crypto'
import { freePort, freshDatabase, ServiceProcess } from '@camelid/local/testing'
import { dialPeer, type Identity, identityOf, type PeerOptions } from '@camelid/p2p'
import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { type RpcClient, rpcClient } from '@camelid/rpc'
import { sharedNats } from './shared-nats.ts'
import { silent, TestPeer } from './test-peer.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const PASSWORD = 'correct horse battery staple'

let farms = 0

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
    this.#process = new ServiceProcess(MAIN, { ...this.env, ...env })
    return this.#process
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    await this.spawn(env).answers(Number(this.env.GRPC_PORT), this.client)
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    return (await this.#process?.stop(signal)) ?? null
  }

  /** A peer of this gateway, by default a light client. */
  async dial(options: Partial<PeerOptions> & { localAddress?: string; port?: number } = {}): Promise<TestPeer> {
    return new TestPeer(
      await dialPeer({
        identity: identityOf(generatePrivateKey()),
        params: networkParams('local'),
        services: 0n,
        agent: 'test/1',
        getStatus: () => ({ height: 0, work: new Uint8Array(0) }),
        log: silent,
        host: '127.0.0.1',
        port: this.port,
        ...options,
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close()
    await this.stop('SIGKILL')
    rmSync(this.directory, { recursive: true, force: true })
  }
}
