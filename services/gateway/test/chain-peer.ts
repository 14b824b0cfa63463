import { setTimeout as delay } from 'node:timers/promises'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { networkParams } from '@camelid/consensus'
import { bytesToHex, generatePrivateKey, sha256d } from '@camelid/crypto'
import { type Frame, type Identity, identityOf, listenPeers, type PeerConnection, Services } from '@camelid/p2p'
import {
  BlockSchema,
  GetBlocksSchema,
  GetHeadersSchema,
  HeadersSchema,
  MessageType,
} from '@camelid/proto/p2p/v1/messages_pb'
import { silent } from './test-peer.ts'

const MAX_HEADERS = 2_000

/** Headers from height 1 up, 80 bytes each, and the blocks of as many of them as there are. */
export interface ServedChain {
  readonly headers: readonly Uint8Array[]
  readonly blocks: readonly Uint8Array[]
}

/** What a peer does otherwise than it should. */
export interface Manners {
  /** Called before each block is sent; false: it is not sent at all. */
  readonly mayServe?: (height: number) => boolean | Promise<boolean>
  /** Headers to tell in place of its own; undefined: it does not answer. */
  readonly tells?: () => readonly Uint8Array[] | undefined
}

/** A peer that listens and serves a chain from memory. */
export class ChainPeer implements AsyncDisposable {
  readonly identity: Identity = identityOf(generatePrivateKey())
  readonly connections: PeerConnection[] = []
  readonly #chain: ServedChain
  readonly #manners: Manners
  readonly #heights = new Map<string, number>()
  #listener: Awaited<ReturnType<typeof listenPeers>> | undefined

  private constructor(chain: ServedChain, manners: Manners) {
    this.#chain = chain
    this.#manners = manners
    for (const [i, header] of chain.headers.entries()) this.#heights.set(bytesToHex(sha256d(header)), i + 1)
  }

  static async listen(chain: ServedChain, manners: Manners = {}): Promise<ChainPeer> {
    const peer = new ChainPeer(chain, manners)
    peer.#listener = await listenPeers({
      identity: peer.identity,
      params: networkParams('local'),
      services: Services.CHAIN,
      agent: 'chain-peer/1',
      getStatus: () => ({ height: chain.headers.length, work: new Uint8Array(0) }),
      log: silent,
      // Whoever it serves fast may ask as fast.
      limits: { framesPerSecond: 10_000 },
      host: '127.0.0.1',
      port: 0,
      onConnection: (connection) => {
        peer.connections.push(connection)
        void peer.#serve(connection)
      },
    })
    return peer
  }

  get port(): number {
    return this.#listener?.port ?? 0
  }

  /** Tells of headers that nobody asked for. */
  announce(headers: readonly Uint8Array[]): void {
    const payload = toBinary(HeadersSchema, create(HeadersSchema, { headers: Buffer.concat(headers) }))
    for (const connection of this.connections) connection.send({ type: MessageType.HEADERS, payload })
  }

  /** Ends all its connections. */
  hangUp(): void {
    for (const connection of this.connections) connection.close('NOT_NEEDED')
  }

  async #serve(connection: PeerConnection): Promise<void> {
    for await (const frame of connection.frames) {
      if (frame.type === MessageType.GET_HEADERS) this.#tell(connection, frame)
      else if (frame.type === MessageType.GET_BLOCKS) void this.#send(connection, frame)
    }
  }

  #tell(connection: PeerConnection, frame: Frame): void {
    const { requestId, locator } = fromBinary(GetHeadersSchema, frame.payload)
    const fork = locator.map((hash) => this.#heights.get(bytesToHex(hash))).find((height) => height !== undefined) ?? 0
    const { tells } = this.#manners
    const headers = tells === undefined ? this.#chain.headers.slice(fork, fork + MAX_HEADERS) : tells()
    if (headers === undefined) return
    const answer = create(HeadersSchema, { requestId, firstHeight: fork + 1, headers: Buffer.concat(headers) })
    connection.send({ type: MessageType.HEADERS, payload: toBinary(HeadersSchema, answer) })
  }

  async #send(connection: PeerConnection, frame: Frame): Promise<void> {
    for (const hash of fromBinary(GetBlocksSchema, frame.payload).hashes) {
      const height = this.#heights.get(bytesToHex(hash)) ?? 0
      const block = this.#chain.blocks[height - 1]
      if (block === undefined || (await this.#manners.mayServe?.(height)) === false) continue
      const payload = toBinary(BlockSchema, create(BlockSchema, { block }))
      while (!connection.send({ type: MessageType.BLOCK, payload })) {
        if (connection.reason !== undefined) return
        await delay(5)
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hangUp()
    await this.#listener?.[Symbol.asyncDispose]()
  }
}
