import { concatBytes, equalBytes } from '@camelid/crypto'
import { P2pError } from './errors.ts'
import { checksum, type Frame, floodId } from './frame.ts'
import { decodeHeader, type FrameHeader, HEADER_BYTES } from './header.ts'
import { type KnownType, typeName } from './message-type.ts'

/** What a payload starts with: memory grows with what came, never with what was claimed. */
const FIRST_CAPACITY = 16 * 1024

/**
 * Cuts a byte stream into frames. Feed it with `push`, then take frames with `next` until it gives undefined.
 * It holds at most one pushed chunk and one payload of at most twice the bytes that came for it.
 * After it threw it is of no more use: the connection has to end.
 */
export class FrameDecoder {
  readonly #magic: Uint8Array
  readonly #limitOf: (type: KnownType) => number | undefined
  #input: Uint8Array = new Uint8Array(0)
  readonly #head = new Uint8Array(HEADER_BYTES)
  #headBytes = 0
  #header: FrameHeader | undefined
  #payload: Uint8Array = new Uint8Array(0)
  #payloadBytes = 0

  /** @param options.limitOf asked for each header: largest payload in bytes, or undefined to refuse the type */
  constructor(options: { magic: Uint8Array; limitOf: (type: KnownType) => number | undefined }) {
    this.#magic = options.magic
    this.#limitOf = options.limitOf
  }

  /** Is a frame begun and not complete? */
  get partial(): boolean {
    return this.#headBytes > 0 || this.#input.length > 0
  }

  push(chunk: Uint8Array): void {
    this.#input = this.#input.length === 0 ? chunk : concatBytes(this.#input, chunk)
  }

  /**
   * The next whole frame, or undefined until more bytes came.
   * @throws P2pError of decodeHeader, BAD_CHECKSUM, BAD_MESSAGE_ID
   */
  next(): Frame | undefined {
    if (this.#header === undefined) {
      this.#headBytes += this.#take(this.#head, this.#headBytes, HEADER_BYTES)
      if (this.#headBytes < HEADER_BYTES) return undefined
      this.#header = decodeHeader(this.#head, this.#magic, this.#limitOf)
      this.#payload = new Uint8Array(Math.min(this.#header.length, FIRST_CAPACITY))
      this.#payloadBytes = 0
    }
    const { length } = this.#header
    while (this.#payloadBytes < length && this.#input.length > 0) {
      if (this.#payloadBytes === this.#payload.length) this.#grow(length)
      this.#payloadBytes += this.#take(this.#payload, this.#payloadBytes, this.#payload.length)
    }
    if (this.#payloadBytes < length) return undefined
    const frame = finish(this.#header, this.#payload)
    this.#header = undefined
    this.#headBytes = 0
    this.#payload = new Uint8Array(0)
    return frame
  }

  #grow(length: number): void {
    const bigger = new Uint8Array(Math.min(length, this.#payload.length * 2))
    bigger.set(this.#payload)
    this.#payload = bigger
  }

  /** Moves input into `target[from, to)`; gives how many bytes there were. */
  #take(target: Uint8Array, from: number, to: number): number {
    const part = this.#input.subarray(0, to - from)
    target.set(part, from)
    this.#input = this.#input.subarray(part.length)
    return part.length
  }
}

function finish(header: FrameHeader, payload: Uint8Array): Frame {
  if (!equalBytes(checksum(payload), header.checksum))
    throw new P2pError('BAD_CHECKSUM', `the checksum of a ${typeName(header.type)} is wrong`, { score: 50 })
  if (header.flood && !equalBytes(floodId(header.type, payload), header.messageId))
    throw new P2pError('BAD_MESSAGE_ID', `a flooded ${typeName(header.type)} carries another message's id`, {
      score: 100,
    })
  const { type, ttl, flood, messageId, sender, receiver } = header
  return { type, ttl, flood, messageId, sender, receiver, payload }
}
