import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { bigIntToBytes32, bytesToHex, concatBytes, hexToBytes } from './bytes.ts'
import { CryptoError } from './crypto-error.ts'
import { ORDER } from './curve.ts'
import { decodeDer, encodeDer, isStrictDer } from './der.ts'

const scalar = fc.oneof(
  fc.bigInt({ min: 1n, max: ORDER - 1n }),
  // Short integers and set top bits are where encodings differ.
  fc.bigInt({ min: 1n, max: 2n ** 17n }),
  fc.nat({ max: 255 }).map((bits) => 1n << BigInt(bits)),
)

test('DER and the compact form turn into each other, as the curve library writes them', () => {
  fc.assert(
    fc.property(scalar, scalar, (r, s) => {
      const compact = concatBytes(bigIntToBytes32(r), bigIntToBytes32(s))
      const der = encodeDer(compact)
      assert.ok(isStrictDer(der))
      assert.deepEqual(decodeDer(der, { lowS: false }), compact)
      assert.equal(bytesToHex(der), new secp256k1.Signature(r, s).toHex('der'))
    }),
  )
})

test('only one encoding of a signature is strict', () => {
  fc.assert(
    fc.property(scalar, scalar, fc.nat(), fc.nat({ max: 255 }), (r, s, place, byte) => {
      const der = encodeDer(concatBytes(bigIntToBytes32(r), bigIntToBytes32(s)))
      const changed = der.slice()
      changed[place % der.length] = byte
      for (const bytes of [changed, der.slice(0, -1), concatBytes(der, Uint8Array.of(byte))]) {
        const decoded = tryDecode(bytes)
        if (decoded !== undefined) assert.deepEqual(encodeDer(decoded), bytes)
      }
    }),
  )
})

test('any bytes are either the encoding of a signature or a named error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const decoded = tryDecode(bytes)
      if (decoded !== undefined) assert.deepEqual(encodeDer(decoded), bytes)
    }),
  )
})

test('values outside the group and high s are told apart from bad encodings', () => {
  const der = (r: bigint, s: bigint) => encodeDer(concatBytes(bigIntToBytes32(r), bigIntToBytes32(s)))
  assert.throws(() => decodeDer(der(ORDER, 1n)), { code: 'SIGNATURE_OUT_OF_RANGE' })
  assert.throws(() => decodeDer(der(1n, 0n)), { code: 'SIGNATURE_OUT_OF_RANGE' })
  // 33 bytes of value are well encoded, and above any order.
  assert.throws(() => decodeDer(hexToBytes(`3026022101${'00'.repeat(32)}020101`)), { code: 'SIGNATURE_OUT_OF_RANGE' })
  assert.throws(() => decodeDer(der(1n, ORDER / 2n + 1n)), { code: 'HIGH_S' })
  assert.ok(decodeDer(der(1n, ORDER / 2n)))
  assert.throws(() => decodeDer(new Uint8Array(0)), { code: 'BAD_DER' })
})

function tryDecode(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return decodeDer(bytes, { lowS: false })
  } catch (error) {
    assert.ok(error instanceof CryptoError)
    return undefined
  }
}
