import { utf8Decode } from '@camelid/crypto'
import { CodecError, type CodecErrorCode, MALFORMED_SCORE } from '../codec-error.ts'

/** Largest CompactSize that any count or length here may have, as in Bitcoin: 32 MiB. */
const MAX_COMPACT_SIZE = 0x02000000

/**
 * Reads little-endian fields one after another (protocol: Conventions). Every length is judged against its limit and
 * against the bytes that are there before memory is taken for it. What it gives out are copies, never views.
 * Every method throws CodecError TRUNCATED where the bytes end too early.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#offset
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true)
  }

  /** A copy of the next `length` bytes. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length)
    return this.#bytes.slice(start, start + length)
  }

  /** @throws CodecError NON_CANONICAL_SIZE for a form longer than needed, TOO_LONG above `max` */
  compactSize(max: number = MAX_COMPACT_SIZE): number {
    const first = this.u8()
    if (first < 0xfd) return judgeSize(first, 0, max)
    if (first === 0xfd) return judgeSize(this.u16(), 0xfd, max)
    if (first === 0xfe) return judgeSize(this.u32(), 0x10000, max)
    // Beyond 2^53 not exact, but far above any limit.
    return judgeSize(Number(this.u64()), 0x100000000, max)
  }

  /** Count of a list whose items take at least `itemBytes` each: more than could follow are TRUNCATED at once. */
  count(itemBytes: number, max?: number): number {
    const count = this.compactSize(max)
    this.#need(count * itemBytes)
    return count
  }

  /** CompactSize length and content. @throws CodecError TOO_LONG above `max` bytes */
  varBytes(max?: number): Uint8Array {
    return this.bytes(this.compactSize(max))
  }

  /** As varBytes, the content being strict UTF-8; `max` counts bytes. @throws CodecError BAD_UTF8 */
  text(max?: number): string {
    const content = this.varBytes(max)
    try {
      return utf8Decode(content)
    } catch (cause) {
      throw malformed('BAD_UTF8', 'A text field is not valid UTF-8.', cause)
    }
  }

  /** @throws CodecError TRAILING_BYTES unless everything was read */
  end(): void {
    if (this.remaining > 0) throw malformed('TRAILING_BYTES', `${this.remaining} bytes follow the last field.`)
  }

  #advance(length: number): number {
    this.#need(length)
    const start = this.#offset
    this.#offset += length
    return start
  }

  #need(length: number): void {
    if (length > this.remaining) {
      throw malformed('TRUNCATED', `${length} bytes are needed at offset ${this.#offset}, ${this.remaining} are left.`)
    }
  }
}

function judgeSize(size: number, smallest: number, max: number): number {
  if (size < smallest) {
    throw malformed('NON_CANONICAL_SIZE', `The size ${size} is written in a longer form than it needs.`)
  }
  if (size > max) throw malformed('TOO_LONG', `The size ${size} is above its limit of ${max}.`)
  return size
}

/** A CodecError for bytes from outside, with the score that their sender is charged. */
export function malformed(code: CodecErrorCode, message: string, cause?: unknown): CodecError {
  return new CodecError(
    code,
    message,
    cause === undefined ? { score: MALFORMED_SCORE } : { score: MALFORMED_SCORE, cause },
  )
}

/** @throws CodecError TOO_LONG: judged before anything is read */
export function assertAtMost(bytes: Uint8Array, max: number, what: string): void {
  if (bytes.length > max) throw malformed('TOO_LONG', `${what} has ${bytes.length} bytes; at most ${max} are allowed.`)
}
