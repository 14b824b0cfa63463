import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { decodeBlock, encodeShortIds, encodeTransaction, ShortIds, txid } from '@camelid/codec'
import { networkParams } from '@camelid/consensus'
import { bytesToHex, generatePrivateKey, sha256d } from '@camelid/crypto'
import { type Frame, type Identity, identityOf, listenPeers, type PeerConnection } from '@camelid/p2p'
import {
  BlockSchema,
  BlockTransactionsSchema,
  CompactBlockSchema,
  GetBlocksSchema,
  GetBlockTransactionsSchema,
  GetHeadersSchema,
  HeadersSchema,
  MessageType,
  SendCompactSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import { KEEPER } from './relay.ts'
import { silent } from './test-peer.ts'

const NONCE = 9n

/** A block as a compact one. @param named the transactions that its short ids name, the block's own unless given */
export function compactOf(raw: Uint8Array, named?: readonly Uint8Array[], header = raw.slice(0, 80)): Uint8Array {
  const ids = new ShortIds(header, NONCE)
  const [coinbase, ...others] = decodeBlock(raw).transactions
  if (coinbase === undefined) throw new Error('a block has a coinbase')
  const shortIds = encodeShortIds((named ?? others.map((tx) => txid(tx))).map((id) => ids.of(id)))
  const prefilled = [{ index: 0, transaction: encodeTransaction(coinbase) }]
  return toBinary(CompactBlockSchema, create(CompactBlockSchema, { header, nonce: NONCE, shortIds, prefilled }))
}

/** A peer that listens, notes what it gets, and has the blocks that it is given. */
export class BlockPeer implements AsyncDisposable {
  readonly identity: Identity = identityOf(generatePrivateKey())
  readonly got: Frame[] = []
  readonly blocks = new Map<string, Uint8Array>()
  /** Headers from height 1 up that it tells whoever asks; undefined: it does not answer. */
  headers: readonly Uint8Array[] | undefined = []
  /** Does not answer questions for transactions of blocks. */
  withholds = false
  connection: PeerConnection | undefined
  #listener: Awaited<ReturnType<typeof listenPeers>> | undefined

  static async listen(): Promise<BlockPeer> {
    const peer = new BlockPeer()
    peer.#listener = await listenPeers({
      identity: peer.identity,
      params: networkParams('local'),
      ...KEEPER,
      agent: 'block-peer/1',
      getStatus: () => ({ height: 0, work: new Uint8Array(0) }),
      log: silent,
      host: '127.0.0.1',
      port: 0,
      onConnection: (connection) => {
        peer.connection = connection
        // The gateway may announce to us as many.
        connection.allowAnswers(MessageType.COMPACT_BLOCK, 100)
        void peer.#serve(connection)
      },
    })
    return peer
  }

  get port(): number {
    return this.#listener?.port ?? 0
  }

  of(type: number): Frame[] {
    return this.got.filter((frame) => frame.type === type)
  }

  has(raw: Uint8Array): void {
    this.blocks.set(bytesToHex(sha256d(raw.subarray(0, 80))), raw)
  }

  announce(payload: Uint8Array): void {
    this.connection?.send({ type: MessageType.COMPACT_BLOCK, payload })
  }

  /** Asks the gateway for compact blocks. */
  wantCompact(): void {
    const payload = toBinary(SendCompactSchema, create(SendCompactSchema, { announce: true }))
    this.connection?.send({ type: MessageType.SEND_COMPACT, payload })
  }

  async #serve(connection: PeerConnection): Promise<void> {
    for await (const frame of connection.frames) {
      this.got.push(frame)
      if (frame.type === MessageType.GET_HEADERS) this.#sendHeaders(connection, frame)
      else if (frame.type === MessageType.GET_BLOCKS) this.#sendBlocks(connection, frame)
      else if (frame.type === MessageType.GET_BLOCK_TRANSACTIONS && !this.withholds) this.#sendParts(connection, frame)
    }
  }

  #sendHeaders(connection: PeerConnection, frame: Frame): void {
    if (this.headers === undefined) return
    const { requestId } = fromBinary(GetHeadersSchema, frame.payload)
    const answer = create(HeadersSchema, { requestId, firstHeight: 1, headers: Buffer.concat(this.headers) })
    connection.send({ type: MessageType.HEADERS, payload: toBinary(HeadersSchema, answer) })
  }

  #sendBlocks(connection: PeerConnection, frame: Frame): void {
    for (const hash of fromBinary(GetBlocksSchema, frame.payload).hashes) {
      const block = this.blocks.get(bytesToHex(hash))
      if (block === undefined) continue
      connection.send({ type: MessageType.BLOCK, payload: toBinary(BlockSchema, create(BlockSchema, { block })) })
    }
  }

  #sendParts(connection: PeerConnection, frame: Frame): void {
    const { requestId, hash, indexes } = fromBinary(GetBlockTransactionsSchema, frame.payload)
    const raw = this.blocks.get(bytesToHex(hash))
    if (raw === undefined) return
    const { transactions } = decodeBlock(raw)
    const asked = indexes.flatMap((index) => transactions[index] ?? []).map((tx) => encodeTransaction(tx))
    const answer = create(BlockTransactionsSchema, { requestId, transactions: asked })
    connection.send({ type: MessageType.BLOCK_TRANSACTIONS, payload: toBinary(BlockTransactionsSchema, answer) })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection?.close('NOT_NEEDED')
    await this.#listener?.[Symbol.asyncDispose]()
  }
}
