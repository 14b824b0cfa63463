import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { chacha20 } from '@noble/ciphers/chacha.js'
import fc from 'fast-check'
import { KeyStream } from './key-stream.ts'
import { fillByOpenssl, type StreamStart } from './key-stream-openssl.ts'

const u32 = fc.integer({ min: 0, max: 0xffffffff })
const start = fc.record({ key: fc.uint8Array({ minLength: 32, maxLength: 32 }), nonce0: u32, nonce1: u32 })
/** Some are enough for the library to compute them. */
const count = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 4000, max: 6000 }))

/** The first `count` numbers, by another implementation. */
function numbersOf({ key, nonce0, nonce1 }: StreamStart, count: number) {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setUint32(0, nonce0, true)
  new DataView(nonce.buffer).setUint32(4, nonce1, true)
  return new BigUint64Array(chacha20(key, nonce, new Uint8Array(8 * count)).buffer)
}

function numberAt(stream: KeyStream, at: number): bigint {
  return (BigInt(stream.high(at)) << 32n) | BigInt(stream.low(at))
}

test('OpenSSL fills on this machine', () => assert.ok(fillByOpenssl !== null))

for (const [name, fillAll] of [
  ['with OpenSSL', fillByOpenssl],
  ['with WebAssembly alone', null],
] as const) {
  suite(name, () => {
    test('RFC 8439 §2.3.2: the block of its example', () => {
      const stream = new KeyStream(fillAll)
      // Its nonce begins 00 00 00 09 00 00 00 4a; the third word is zero as here.
      stream.start({ key: Uint8Array.from({ length: 32 }, (_, i) => i), nonce0: 0x09000000, nonce1: 0x4a000000 })
      stream.computeAll(5000)
      const found = new BigUint64Array(8).map((_, i) => numberAt(stream, 8 + i))
      const expected =
        '10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e'
      assert.equal(Buffer.from(found.buffer).toString('hex'), expected)
    })

    test('any numbers of any start, alone and together, are those of the whole key stream', () => {
      const stream = new KeyStream(fillAll)
      fc.assert(
        fc.property(start, fc.array(fc.nat(6000), { maxLength: 5 }), count, (begin, some, all) => {
          const numbers = numbersOf(begin, 6001)
          stream.start(begin)
          for (const one of some) {
            stream.compute(one)
            assert.equal(numberAt(stream, one), numbers[one])
          }
          stream.computeAll(all)
          for (let at = 0; at < all; at++) assert.equal(numberAt(stream, at), numbers[at])
          for (const one of some) assert.equal(numberAt(stream, one), numbers[one])
        }),
      )
    })

    test('those with an upper half from a bound on are all that have it', () => {
      const stream = new KeyStream(fillAll)
      const bound = fc.oneof(u32, fc.integer({ min: 0xff000000, max: 0xffffffff }), fc.constantFrom(0, 0xffffffff))
      fc.assert(
        fc.property(start, bound, count, (begin, lowest, all) => {
          const numbers = [...numbersOf(begin, all)]
          stream.start(begin)
          const found = stream.withHighFrom(lowest, all)
          const expected = numbers.flatMap((one, at) => (one >> 32n >= BigInt(lowest) ? [at] : []))
          assert.deepEqual(found, expected)
        }),
      )
    })
  })
}
