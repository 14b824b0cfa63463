import assert from 'node:assert/strict'
import { fromBinary } from '@bufbuild/protobuf'
import { equalBytes } from '@camelid/crypto'
import { freePort } from '@camelid/local/testing'
import { MessageType, SendCompactSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { BlockPeer } from './block-peer.ts'
import { sharedNats } from './shared-nats.ts'
import { TestChain } from './test-chain.ts'
import { TestGateway } from './test-gateway.ts'
import { until } from './until.ts'

export const WAIT_MS = 30_000

/** A node, and two peers that it dialled, so that both announce by compact blocks. */
export class CompactFarm implements AsyncDisposable {
  readonly chain: TestChain
  readonly gateway: TestGateway
  readonly peers: readonly [BlockPeer, BlockPeer]
  readonly #httpPort: number
  readonly #stack: AsyncDisposableStack

  private constructor(
    parts: Pick<CompactFarm, 'chain' | 'gateway' | 'peers'>,
    own: { httpPort: number; stack: AsyncDisposableStack },
  ) {
    this.chain = parts.chain
    this.gateway = parts.gateway
    this.peers = parts.peers
    this.#httpPort = own.httpPort
    this.#stack = own.stack
  }

  /** @param prepare done with the chain before the gateway is there */
  static async start(prepare: (chain: TestChain) => Promise<void> = async () => undefined): Promise<CompactFarm> {
    await using stack = new AsyncDisposableStack()
    const nats = await sharedNats()
    stack.defer(() => nats.stop())
    const peers = [stack.use(await BlockPeer.listen()), stack.use(await BlockPeer.listen())] as const
    const httpPort = await freePort()
    const SEEDS = peers.map(({ port }) => `127.0.0.1:${port}`).join(',')
    const gateway = stack.use(await TestGateway.prepare({ SEEDS, HTTP_PORT: String(httpPort) }))
    const chain = stack.use(await TestChain.prepare(gateway.name))
    await chain.start()
    await prepare(chain)
    await gateway.start({ CHAIN_URL: chain.url })
    const farm = new CompactFarm({ chain, gateway, peers }, { httpPort, stack: stack.move() })
    await farm.#ready()
    return farm
  }

  async score(peer: BlockPeer): Promise<number | undefined> {
    const { peers } = await this.gateway.client.listPeers({})
    return peers.find(({ h2 }) => equalBytes(h2, peer.identity.h2))?.score
  }

  /** Bytes of a type that came, as the gateway counts them. */
  async bytesIn(type: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.#httpPort}/metrics`)).text()
    const line = text
      .split('\n')
      .find((each) => each.startsWith('camelid_p2p_bytes_total') && each.includes(`direction="in",type="${type}"`))
    return Number(line?.split(' ').at(-1) ?? 0)
  }

  async #ready(): Promise<void> {
    for (const peer of this.peers) {
      await until('the wish for compact blocks', () => peer.of(MessageType.SEND_COMPACT).length > 0, WAIT_MS)
      const [wish] = peer.of(MessageType.SEND_COMPACT)
      assert.equal(fromBinary(SendCompactSchema, wish?.payload ?? new Uint8Array()).announce, true)
    }
    const isUp = async (): Promise<boolean> => {
      const ready = await fetch(`http://127.0.0.1:${this.#httpPort}/readyz`)
      return !JSON.stringify(await ready.json()).includes('stream to the chain')
    }
    await until('the stream to the chain', isUp, WAIT_MS)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}

/** Full blocks, and transactions of blocks, that a peer was asked for. */
export const questions = (peer: BlockPeer): number[] =>
  [MessageType.GET_BLOCKS, MessageType.GET_BLOCK_TRANSACTIONS].map((type) => peer.of(type).length)
