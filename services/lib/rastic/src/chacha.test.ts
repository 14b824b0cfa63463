import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chacha20 } from '@noble/ciphers/chacha.js'
import fc from 'fast-check'
import { KeyStream } from './chacha.ts'

/** A block's bytes, of its words as they stand in the stream. */
function blockOf(stream: KeyStream, block: number): Uint8Array {
  const words = Uint32Array.from({ length: 16 }, (_, word) => stream.words[KeyStream.at(block, word)] ?? 0)
  return new Uint8Array(words.buffer)
}

test('RFC 8439 §2.3.2: the block of its example', () => {
  const stream = new KeyStream()
  const key = Uint8Array.from({ length: 32 }, (_, i) => i)
  // Its nonce begins 00 00 00 09 00 00 00 4a; the third word is zero as here.
  stream.start(key, 0x09000000, 0x4a000000)
  stream.fill(0, 1)
  const expected =
    '10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e'
  assert.equal(Buffer.from(blockOf(stream, 1)).toString('hex'), expected)
})

test('any groups of any key equal the same bytes of the whole key stream', () => {
  const u32 = fc.integer({ min: 0, max: 0xffffffff })
  const stream = new KeyStream()
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 1, max: 5 }),
      u32,
      u32,
      (key, group, count, n0, n1) => {
        const nonce = new Uint8Array(12)
        new DataView(nonce.buffer).setUint32(0, n0, true)
        new DataView(nonce.buffer).setUint32(4, n1, true)
        const whole = chacha20(key, nonce, new Uint8Array(256 * (group + count)))
        stream.start(key, n0, n1)
        stream.fill(group, group + count)
        for (let block = 4 * group; block < 4 * (group + count); block++) {
          assert.deepEqual(blockOf(stream, block), whole.slice(64 * block, 64 * block + 64))
        }
      },
    ),
  )
})
