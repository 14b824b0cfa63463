import { utf8 } from '@camelid/crypto'
import { CodecError } from '../codec-error.ts'

const FIRST_CAPACITY = 256
const MAX_U64 = 2n ** 64n - 1n

/**
 * Writes little-endian fields one after another (protocol: Conventions); each method answers with the writer itself.
 * @throws CodecError OUT_OF_RANGE, VALUE_OVERFLOW (u64) or BAD_LENGTH where a field cannot hold its value
 */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  /** Bytes written so far. */
  get length(): number {
    return this.#length
  }

  u8(value: number): this {
    const at = this.#reserve(1)
    this.#view.setUint8(at, inRange(value, 0xff))
    return this
  }

  u16(value: number): this {
    const at = this.#reserve(2)
    this.#view.setUint16(at, inRange(value, 0xffff), true)
    return this
  }

  u32(value: number): this {
    const at = this.#reserve(4)
    this.#view.setUint32(at, inRange(value, 0xffffffff), true)
    return this
  }

  u64(value: bigint): this {
    if (value < 0n || value > MAX_U64) {
      throw new CodecError('VALUE_OVERFLOW', `${value} does not fit into an unsigned field of 64 bits.`)
    }
    const at = this.#reserve(8)
    this.#view.setBigUint64(at, value, true)
    return this
  }

  /** Bytes without a length before them. */
  bytes(bytes: Uint8Array): this {
    const at = this.#reserve(bytes.length)
    this.#bytes.set(bytes, at)
    return this
  }

  /** As bytes, for a field that always has `length` of them. @throws CodecError BAD_LENGTH */
  fixed(bytes: Uint8Array, length: number): this {
    if (bytes.length !== length) {
      throw new CodecError('BAD_LENGTH', `A field of ${length} bytes was given ${bytes.length}.`)
    }
    return this.bytes(bytes)
  }

  compactSize(size: number): this {
    inRange(size, Number.MAX_SAFE_INTEGER)
    if (size < 0xfd) return this.u8(size)
    if (size <= 0xffff) return this.u8(0xfd).u16(size)
    if (size <= 0xffffffff) return this.u8(0xfe).u32(size)
    return this.u8(0xff).u64(BigInt(size))
  }

  /** CompactSize length and content. */
  varBytes(bytes: Uint8Array): this {
    return this.compactSize(bytes.length).bytes(bytes)
  }

  /** UTF-8 as varBytes. @throws CodecError BAD_UTF8 for half a surrogate pair */
  text(text: string): this {
    if (!text.isWellFormed()) {
      throw new CodecError('BAD_UTF8', 'A text field holds half of a surrogate pair, which UTF-8 cannot express.')
    }
    return this.varBytes(utf8(text))
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  /** Room for `length` bytes more. Call it first: it may replace the buffer that it makes room in. */
  #reserve(length: number): number {
    const start = this.#length
    const end = start + length
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2))
      grown.set(this.#bytes.subarray(0, start))
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    this.#length = end
    return start
  }
}

function inRange(value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new CodecError('OUT_OF_RANGE', `${value} is not an integer from 0 to ${max}.`)
  }
  return value
}
