import { create, toBinary } from '@bufbuild/protobuf'
import { networkParams } from '@camelid/consensus'
import { bytesToHex, generatePrivateKey } from '@camelid/crypto'
import {
  dialPeer,
  type Frame,
  identityOf,
  type KnownType,
  type PeerConnection,
  readMessage,
  Services,
} from '@camelid/p2p'
import {
  GetHeadersSchema,
  GetTransactionsSchema,
  HeadersSchema,
  InventorySchema,
  MessageType,
  TransactionSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import { silent } from '../../../services/gateway/test/test-peer.ts'

/** What peers are told by the gateway. */
export interface Ear {
  /** A gateway told a peer of transactions; gives those that it wants. */
  heard(txids: readonly Uint8Array[], by: ChattyPeer): Uint8Array[]
  /** A statement came. */
  statement(): void
  /** The transaction of an id. */
  transaction(txidHex: string): Uint8Array | undefined
}

/** A peer that announces transactions, gives them to whoever asks, and asks for some of those that it is told of. */
export class ChattyPeer {
  readonly #connection: PeerConnection
  readonly #ear: Ear
  #transactions = 0

  private constructor(connection: PeerConnection, ear: Ear) {
    this.#connection = connection
    this.#ear = ear
    void this.#listen()
  }

  static async dial(port: number, ear: Ear): Promise<ChattyPeer> {
    const connection = await dialPeer({
      identity: identityOf(generatePrivateKey()),
      params: networkParams('local'),
      services: Services.CHAIN | Services.JOBS,
      agent: 'bench/1',
      getStatus: () => ({ height: 0, work: new Uint8Array(0) }),
      log: silent,
      host: '127.0.0.1',
      port,
    })
    return new ChattyPeer(connection, ear)
  }

  /** Why the gateway ended the connection, if it did. */
  get ended(): string | undefined {
    return this.#connection.reason?.message
  }

  /** Transactions that came from the gateway. */
  get transactions(): number {
    return this.#transactions
  }

  announce(txids: Uint8Array[]): void {
    this.#connection.send({
      type: MessageType.INVENTORY,
      payload: toBinary(InventorySchema, create(InventorySchema, { txids })),
    })
  }

  flood(type: KnownType, payload: Uint8Array): void {
    this.#connection.send({ type, payload, flood: true })
  }

  async #listen(): Promise<void> {
    for await (const frame of this.#connection.frames) this.#take(frame)
  }

  #take(frame: Frame): void {
    const { type, payload } = frame
    if (type === MessageType.INVENTORY) {
      const txids = this.#ear.heard(readMessage(InventorySchema, payload).txids, this)
      if (txids.length > 0)
        this.#send(
          MessageType.GET_TRANSACTIONS,
          toBinary(GetTransactionsSchema, create(GetTransactionsSchema, { txids })),
        )
    } else if (type === MessageType.GET_TRANSACTIONS) {
      for (const txid of readMessage(GetTransactionsSchema, payload).txids) {
        const transaction = this.#ear.transaction(bytesToHex(txid))
        if (transaction === undefined) continue
        this.#send(MessageType.TRANSACTION, toBinary(TransactionSchema, create(TransactionSchema, { transaction })))
      }
    } else if (type === MessageType.TRANSACTION) this.#transactions++
    else if (type === MessageType.PROGRESS) this.#ear.statement()
    else if (type === MessageType.GET_HEADERS) {
      const { requestId } = readMessage(GetHeadersSchema, payload)
      this.#send(MessageType.HEADERS, toBinary(HeadersSchema, create(HeadersSchema, { requestId })))
    }
  }

  #send(type: KnownType, payload: Uint8Array): void {
    this.#connection.send({ type, payload })
  }
}
