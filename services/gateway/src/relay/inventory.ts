import { create, toBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { InventorySchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { PeerTable } from '../peers/peer-table.ts'
import { RollingSet } from '../rolling-set.ts'

/** Inventory leaves at most so often: one message then names all that came meanwhile. What comes alone does not wait. */
const BATCH_MS = 100
/** Transactions told at once, and in one message. */
const MAX_TXIDS = 5_000
const TXIDS_PER_MESSAGE = 500
/** Told lately, and not told again. */
const MAX_TOLD = 20_000

/** Tells peers which transactions our mempool took. */
export class Inventory {
  readonly #peers: Pick<PeerTable, 'list'>
  readonly #signal: AbortSignal
  /** By txid in hex. */
  #waiting = new Map<string, Uint8Array>()
  #told = new RollingSet<string>(MAX_TOLD)
  #toldAtMs = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined

  constructor(options: { peers: Pick<PeerTable, 'list'>; signal: AbortSignal }) {
    this.#peers = options.peers
    this.#signal = options.signal
    options.signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true })
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
    const txids = [...this.#waiting]
    this.#waiting = new Map()
    for (const [key] of txids) this.#told.add(key)
    for (const peer of this.#peers.list()) {
      if (!peer.keepsChain) continue
      const news = txids.filter(([key]) => !peer.known.has(key))
      for (let at = 0; at < news.length; at += TXIDS_PER_MESSAGE) {
        const part = news.slice(at, at + TXIDS_PER_MESSAGE).map(([, txid]) => txid)
        const payload = toBinary(InventorySchema, create(InventorySchema, { txids: part }))
        peer.connection.send({ type: MessageType.INVENTORY, payload })
      }
    }
  }
}
