import { freePort, type TestPostgres } from '@camelid/local/testing'
import { TestChain } from '../../../services/gateway/test/test-chain.ts'
import { TestGateway } from '../../../services/gateway/test/test-gateway.ts'
import { Feed } from '../../chain/feed.ts'

/** Sixteen processes share what machine there is: few connections, and no threads beside the main ones. */
const LEAN = { DATABASE_CONNECTIONS: '3', LOG_LEVEL: 'warn' }

/** A whole node of a line: its chain, and a gateway that dialled the node before it and nobody else. */
export class LineNode implements AsyncDisposable {
  readonly chain: TestChain
  readonly gateway: TestGateway
  readonly #stack: AsyncDisposableStack
  #feed: Feed | undefined

  private constructor(parts: { chain: TestChain; gateway: TestGateway; stack: AsyncDisposableStack }) {
    this.chain = parts.chain
    this.gateway = parts.gateway
    this.#stack = parts.stack
  }

  /** Nothing runs yet; `start` it once all are there. */
  static async prepare(postgres: TestPostgres, before?: LineNode): Promise<LineNode> {
    await using stack = new AsyncDisposableStack()
    const seeds = before === undefined ? '' : `127.0.0.1:${before.gateway.port}`
    const [own, chains] = [await postgres.createDatabase(), await postgres.createDatabase()]
    const env = {
      SEEDS: seeds,
      OUTBOUND_PEERS: '0',
      HTTP_PORT: String(await freePort()),
      DATABASE_URL: own.url,
      ...LEAN,
    }
    const gateway = stack.use(await TestGateway.prepare(env))
    const chain = stack.use(await TestChain.prepare(gateway.name))
    Object.assign(chain.env, LEAN, { DATABASE_URL: chains.url, SCRIPT_THREADS: '0' })
    return new LineNode({ chain, gateway, stack: stack.move() })
  }

  async start(): Promise<void> {
    await this.chain.start()
    await this.gateway.start({ CHAIN_URL: this.chain.url })
    this.#feed = this.#stack.use(new Feed(this.chain.client))
  }

  /** The stream by which the chain takes what this benchmark gives it. */
  get feed(): Feed {
    if (this.#feed === undefined) throw new Error('the node is not started')
    return this.#feed
  }

  /** Bytes of frames from peers so far, by type. */
  async bytesIn(): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(`http://127.0.0.1:${this.gateway.env.HTTP_PORT}/metrics`)).text()
    const lines = [...text.matchAll(/^camelid_p2p_bytes_total\{direction="in",type="(\w+)"[^}]*\} (\d+)$/gm)]
    if (lines.length === 0) throw new Error(`${this.gateway.name} tells of no traffic`)
    return new Map(lines.map(([, type = '', bytes]) => [type, Number(bytes)]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}
