import assert from 'node:assert/strict'
import fc from 'fast-check'
import { CodecError } from '../codec-error.ts'

/**
 * Asserts of a pair of encoder and decoder what safety rests on: what is written is read back; and any other bytes, be they
 * random or a changed, cut or lengthened writing, are either refused with a CodecError or are themselves what the encoder
 * would write for what was read, so that nothing has two encodings. A length that promises more than there is takes no memory.
 */
export function assertOneEncoding<T>(codec: {
  value: fc.Arbitrary<T>
  encode: (value: T) => Uint8Array
  decode: (bytes: Uint8Array) => T
  numRuns?: number
}): void {
  const { encode, decode } = codec
  const options = { numRuns: codec.numRuns ?? 100 }
  fc.assert(
    fc.property(codec.value, fc.nat(), fc.nat({ max: 255 }), (value, place, byte) => {
      const bytes = encode(value)
      assert.deepEqual(decode(bytes), value)
      const changed = bytes.slice()
      changed[place % bytes.length] = byte
      assertReadOrRefused(changed, codec)
      assertReadOrRefused(bytes.slice(0, place % bytes.length), codec)
      assertRefused(Uint8Array.of(...bytes, byte), codec.decode)
    }),
    options,
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => assertReadOrRefused(bytes, codec)),
    options,
  )
  fc.assert(
    fc.property(codec.value, fc.nat(), fc.constantFrom(...BOMBS), (value, place, bomb) => {
      const bytes = encode(value)
      const at = place % bytes.length
      const armed = Uint8Array.of(...bytes.subarray(0, at), ...bomb, ...bytes.subarray(at + bomb.length))
      const taken = arrayBytesTakenBy(() => assertReadOrRefused(armed, codec))
      assert.ok(taken <= SLACK_BYTES + COPIES * armed.length, `${taken} bytes taken for a message of ${armed.length}`)
    }),
    options,
  )
}

/** Lengths that promise up to 2^64 bytes or items, as CompactSize and as u32. */
const BOMBS = [
  [0xfd, 0xff, 0xff],
  [0xfe, 0xff, 0xff, 0xff, 0x01],
  [0xfe, 0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0x00, 0x00, 0x01, 0x00],
]

/** What is taken beside a few copies of the message, such as the pool of small buffers: far less than what the lengths promise. */
const SLACK_BYTES = 64 * 1024
const COPIES = 8

/** Bytes of arrays made while `run` ran, at least: those freed meanwhile are not seen. */
function arrayBytesTakenBy(run: () => void): number {
  const before = process.memoryUsage().arrayBuffers
  run()
  return process.memoryUsage().arrayBuffers - before
}

/** Asserts that `decode` throws a CodecError and nothing else. */
function assertRefused(bytes: Uint8Array, decode: (bytes: Uint8Array) => unknown): void {
  assert.throws(
    () => decode(bytes),
    (error) => error instanceof CodecError && error.score > 0,
  )
}

function assertReadOrRefused<T>(
  bytes: Uint8Array,
  codec: { encode: (value: T) => Uint8Array; decode: (bytes: Uint8Array) => T },
): void {
  let value: T
  try {
    value = codec.decode(bytes)
  } catch (error) {
    assert.ok(error instanceof CodecError, `not a CodecError: ${String(error)}`)
    return
  }
  assert.deepEqual(codec.encode(value), bytes)
}
