import assert from 'node:assert/strict'
import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesToHex, concatBytes, hexToBytes, utf8 } from './bytes.ts'
import { hash160, hkdf, hmacSha256, ripemd160, sha256, sha256d } from './hash.ts'
import { statementHash } from './statement-hash.ts'

test('hashes agree with published values', () => {
  // FIPS 180-2 B.1; the RIPEMD-160 page of its authors; the generator point's well-known h2.
  assert.equal(bytesToHex(sha256(utf8('abc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  assert.equal(bytesToHex(ripemd160(utf8('abc'))), '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc')
  const generator = hexToBytes('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798')
  assert.equal(bytesToHex(hash160(generator)), '751e76e8199196d454941c45d1b3a323f1433bd6')
})

test('results are plain arrays that agree with node for any input', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array({ maxLength: 80 }), (message, key) => {
      const once = createHash('sha256').update(message).digest()
      assert.deepEqual(sha256(message), new Uint8Array(once))
      assert.deepEqual(sha256d(message), new Uint8Array(createHash('sha256').update(once).digest()))
      assert.deepEqual(
        hmacSha256(key, message, message),
        new Uint8Array(createHmac('sha256', key).update(concatBytes(message, message)).digest()),
      )
      assert.deepEqual(
        hkdf({ secret: message, salt: key, info: key, length: 42 }),
        new Uint8Array(hkdfSync('sha256', message, key, key, 42)),
      )
    }),
  )
})

test('a statement hash is SHA-256d of tag, zero byte and fields', () => {
  const expected = sha256d(concatBytes(utf8('camelid/job/v1'), Uint8Array.of(0, 1, 2, 3)))
  assert.deepEqual(statementHash('camelid/job/v1', Uint8Array.of(1), Uint8Array.of(2, 3)), expected)
})
