import { setTimeout as delay } from 'node:timers/promises'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { equalBytes } from '@camelid/crypto'
import {
  CompactBlockSchema,
  GetHeadersSchema,
  HeadersSchema,
  MessageType,
  SendCompactSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import { KEEPER } from '../../../services/gateway/test/relay.ts'
import type { TestPeer } from '../../../services/gateway/test/test-peer.ts'
import type { LineNode } from './line-node.ts'

const LOOK_MS = 2
const ANSWER_MS = 20
const DEADLINE_MS = 60_000

/** A peer of a node, that is told of new blocks by compact blocks: the node tells once work, place and transactions are the header's. */
export class Listener {
  readonly #peer: TestPeer
  readonly #answering: NodeJS.Timeout
  #answered = 0

  private constructor(peer: TestPeer) {
    this.#peer = peer
    this.#answering = setInterval(() => this.#answer(), ANSWER_MS)
  }

  static async at(node: LineNode): Promise<Listener> {
    const peer = await node.gateway.dial(KEEPER)
    peer.connection.allowAnswers(MessageType.COMPACT_BLOCK, 1_000)
    const payload = toBinary(SendCompactSchema, create(SendCompactSchema, { announce: true }))
    peer.connection.send({ type: MessageType.SEND_COMPACT, payload })
    return new Listener(peer)
  }

  /** Resolves with performance.now() when the node tells of a block; undefined where it does so by header alone, judged first. */
  async hears(header: Uint8Array): Promise<number | undefined> {
    const deadline = performance.now() + DEADLINE_MS
    while (performance.now() < deadline) {
      const told = this.#peer
        .of(MessageType.COMPACT_BLOCK)
        .some(({ payload }) => equalBytes(fromBinary(CompactBlockSchema, payload).header, header))
      if (told) return performance.now()
      await delay(LOOK_MS)
    }
    return undefined
  }

  close(): void {
    clearInterval(this.#answering)
    this.#peer.connection.close('NOT_NEEDED')
  }

  /** It keeps no headers itself, and says so. */
  #answer(): void {
    const questions = this.#peer.of(MessageType.GET_HEADERS)
    for (const { payload } of questions.slice(this.#answered)) {
      const { requestId } = fromBinary(GetHeadersSchema, payload)
      const headers = toBinary(HeadersSchema, create(HeadersSchema, { requestId, firstHeight: 1 }))
      this.#peer.connection.send({ type: MessageType.HEADERS, payload: headers })
    }
    this.#answered = questions.length
  }
}
