import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chacha20 } from '@noble/ciphers/chacha.js'
import fc from 'fast-check'
import { chachaBlock, chachaKeyWords } from './chacha.ts'

const bytesOf = (words: Uint32Array): Uint8Array => new Uint8Array(words.buffer)

test('RFC 8439 §2.3.2: the block of its example', () => {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i)
  const out = new Uint32Array(16)
  // Its nonce begins 00 00 00 09 00 00 00 4a; the third word is zero as here.
  chachaBlock(chachaKeyWords(key), 1, 0x09000000, 0x4a000000, out)
  const expected =
    '10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e'
  assert.equal(Buffer.from(bytesOf(out)).toString('hex'), expected)
})

test('any block of any key equals the same bytes of the whole key stream', () => {
  const u32 = fc.integer({ min: 0, max: 0xffffffff })
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 0, max: 300 }),
      u32,
      u32,
      (key, block, n0, n1) => {
        const nonce = new Uint8Array(12)
        new DataView(nonce.buffer).setUint32(0, n0, true)
        new DataView(nonce.buffer).setUint32(4, n1, true)
        const stream = chacha20(key, nonce, new Uint8Array(64 * (block + 1)))
        const out = new Uint32Array(16)
        chachaBlock(chachaKeyWords(key), block, n0, n1, out)
        assert.deepEqual(bytesOf(out), stream.slice(64 * block))
      },
    ),
  )
})
