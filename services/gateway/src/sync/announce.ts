import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { bytesToHex, concatBytes, equalBytes } from '@camelid/crypto'
import type { Bus, BusMessage } from '@camelid/events'
import { type BlockConnected, BlockConnectedSchema, TxAcceptedSchema } from '@camelid/proto/events/v1/events_pb'
import { HeadersSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { sleep } from '@camelid/runtime'
import { announceOwn } from '../compact/announce-compact.ts'
import type { GatewayParts } from '../parts.ts'

/** Headers told at once: who lacks more asks for them. */
const MAX_HEADERS = 16
/** While blocks come in a row (a sync), one announcement speaks for all of them. */
const GATHER_MS = 20

/** Tells peers of new tips and transactions, as our own chain took them. */
export class Announcer {
  readonly #parts: GatewayParts
  #blocks: BlockConnected[] = []
  #flushing = false
  /** Hash of the block that was connected last. */
  #tip: Uint8Array | undefined

  constructor(parts: GatewayParts) {
    this.#parts = parts
  }

  /** Follows the events of the chain until the gateway stops. */
  async run(bus: Bus): Promise<void> {
    const { signal } = this.#parts
    const filter = ['chain.block.connected', 'chain.tx.accepted']
    await bus.consume({ stream: 'CHAIN', durable: 'gateway', filter, signal }, (message) => this.#take(message))
  }

  async #take(message: BusMessage): Promise<void> {
    try {
      this.#note(message)
    } catch (error) {
      // Read again it would not read better; nobody but peers' next question depends on it.
      this.#parts.log.warn({ err: error, subject: message.subject }, 'an event of the chain cannot be read')
    }
    if (this.#flushing || this.#blocks.length === 0) return
    this.#flushing = true
    void this.#flushSoon()
  }

  #note(message: BusMessage): void {
    if (message.subject === 'chain.block.connected') {
      const block = fromBinary(BlockConnectedSchema, message.data)
      if (this.#tip !== undefined && !equalBytes(block.header.subarray(4, 36), this.#tip))
        this.#parts.inventory.forgetTold()
      this.#tip = block.hash
      this.#blocks = [...afterParent(this.#blocks, block), block].slice(-MAX_HEADERS)
      return
    }
    const { txid, relay, moreTxids } = fromBinary(TxAcceptedSchema, message.data)
    const txids = [txid, ...moreTxids]
    for (const one of txids) this.#parts.transactions.took(bytesToHex(one))
    if (relay) this.#parts.inventory.tell(txids)
  }

  async #flushSoon(): Promise<void> {
    await sleep(GATHER_MS)
    this.#flushing = false
    const blocks = this.#blocks
    this.#blocks = []
    await this.#announce(blocks)
  }

  async #announce(blocks: readonly BlockConnected[]): Promise<void> {
    const [first, last] = [blocks[0], blocks.at(-1)]
    if (first === undefined || last === undefined) return
    const headers = concatBytes(...blocks.map((block) => block.header))
    const payload = toBinary(HeadersSchema, create(HeadersSchema, { headers, firstHeight: first.height }))
    const key = bytesToHex(last.hash)
    // Of a row of blocks a peer may lack those before the last.
    if (blocks.length === 1) await this.#announceCompact(key, last.hash)
    for (const peer of this.#parts.peers.list()) {
      if (peer.known.has(key)) continue
      peer.known.add(key)
      peer.connection.send({ type: MessageType.HEADERS, payload })
    }
  }

  /** Where that fails, headers tell as well. */
  async #announceCompact(key: string, hash: Uint8Array): Promise<void> {
    try {
      await announceOwn(this.#parts, key, hash)
    } catch (error) {
      if (!this.#parts.signal.aborted) this.#parts.log.debug({ err: error }, 'no compact block of a new tip')
    }
  }
}

/** Those of `blocks` that lead up to `block`: after a reorganisation only the new branch is told. */
function afterParent(blocks: readonly BlockConnected[], block: BlockConnected): readonly BlockConnected[] {
  const parent = block.header.subarray(4, 36)
  const at = blocks.findLastIndex((each) => equalBytes(each.hash, parent))
  return blocks.slice(0, at + 1)
}
