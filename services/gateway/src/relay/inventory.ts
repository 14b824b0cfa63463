import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import type { OutgoingMessage } from '@camelid/p2p'
import { InventorySchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Peer } from '../peers/peer.ts'
import type { PeerTable } from '../peers/peer-table.ts'
import { RollingSet } from '../rolling-set.ts'
import { Tellers } from './tellers.ts'

/** Inventory leaves at most so often: one message then names all that came meanwhile. What comes alone does not wait. */
const BATCH_MS = 100
/** Transactions told at once, and in one message. */
const MAX_TXIDS = 5_000
const TXIDS_PER_MESSAGE = 500
/** Told lately, and not told again. */
const MAX_TOLD = 20_000
/** Whoever knows no more than this share of a batch is told all of it: the same bytes for many cost less than 32 more for each. */
const WORTH_SORTING_OUT = 1 / 4

/** By txid in hex. */
type Batch = ReadonlyMap<string, Uint8Array>

/** Tells peers which transactions our mempool took. */
export class Inventory {
  readonly #peers: Pick<PeerTable, 'list'>
  readonly #signal: AbortSignal
  readonly #tellers = new Tellers(MAX_TXIDS * 2)
  #waiting = new Map<string, Uint8Array>()
  #told = new RollingSet<string>(MAX_TOLD)
  #toldAtMs = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined

  constructor(options: { peers: Pick<PeerTable, 'list'>; signal: AbortSignal }) {
    this.#peers = options.peers
    this.#signal = options.signal
    options.signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true })
  }

  /** A peer has a transaction: it need not be told of it. @param txid in hex */
  knows({ h2Hex }: Pick<Peer, 'h2Hex'>, txid: string): void {
    if (!this.#told.has(txid)) this.#tellers.add(txid, h2Hex)
  }

  tell(txids: readonly Uint8Array[]): void {
    if (txids.length === 0 || this.#signal.aborted) return
    for (const txid of txids) {
      const key = bytesToHex(txid)
      if (this.#waiting.size < MAX_TXIDS && !this.#told.has(key)) this.#waiting.set(key, txid)
    }
    if (this.#timer !== undefined || this.#waiting.size === 0) return
    const waitMs = Math.max(0, this.#toldAtMs + BATCH_MS - performance.now())
    this.#timer = setTimeout(() => this.#flush(), waitMs)
  }

  /** After a reorganisation: what comes back from blocks that were left is news to those who never saw them. */
  forgetTold(): void {
    this.#told = new RollingSet(MAX_TOLD)
  }

  #flush(): void {
    this.#timer = undefined
    this.#toldAtMs = performance.now()
    const batch: Batch = this.#waiting
    this.#waiting = new Map()
    for (const key of batch.keys()) this.#told.add(key)
    const known = this.#tellers.knownOf(batch.keys())
    let toMany: Uint8Array[] | undefined
    for (const peer of this.#peers.list()) {
      if (!peer.keepsChain) continue
      const its = known.get(peer.h2Hex)
      if (its !== undefined && its.size > batch.size * WORTH_SORTING_OUT) {
        for (const message of messagesOf(batch, its)) peer.connection.send(message)
        continue
      }
      toMany ??= messagesOf(batch).map((message) => peer.connection.encode(message))
      for (const bytes of toMany) peer.connection.sendEncoded(MessageType.INVENTORY, bytes)
    }
  }
}

/** @param known left out of them */
function messagesOf(batch: Batch, known?: ReadonlySet<string>): OutgoingMessage[] {
  const news = [...batch].filter(([key]) => known?.has(key) !== true).map(([, txid]) => txid)
  return Array.from({ length: Math.ceil(news.length / TXIDS_PER_MESSAGE) }, (_, i) => {
    const txids = news.slice(i * TXIDS_PER_MESSAGE, (i + 1) * TXIDS_PER_MESSAGE)
    return { type: MessageType.INVENTORY, payload: toBinary(InventorySchema, create(InventorySchema, { txids })) }
  })
}
