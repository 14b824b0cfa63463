import assert from 'node:assert/strict'
import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { bigIntToBytes32, concatBytes, utf8 } from './bytes.ts'
import { ORDER, pointFromCompressed, scalarFromBytes } from './curve.ts'
import { ECIES_OVERHEAD, eciesDecrypt, eciesDecryptWithSharedPoint, eciesEncrypt, ephemeralKeyOf } from './ecies.ts'
import { publicKeyOf } from './keys.ts'

const secret = fc.bigInt({ min: 1n, max: ORDER - 1n }).map(bigIntToBytes32)
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const few = { numRuns: 25 }

/** The scheme once more, from node's primitives; it knows x of the shared point only, so both its names are tried. */
function decryptWithNode(ciphertext: Uint8Array, clientSecret: Uint8Array, commitmentHash: Uint8Array): Uint8Array {
  const ecdh = createECDH('secp256k1')
  ecdh.setPrivateKey(clientSecret)
  const ephemeralKey = ciphertext.subarray(0, 33)
  const x = ecdh.computeSecret(ephemeralKey)
  const info = concatBytes(utf8('camelid/ecies/v1'), ephemeralKey, ecdh.getPublicKey(null, 'compressed'))
  for (const sign of [2, 3]) {
    const key = new Uint8Array(hkdfSync('sha256', Uint8Array.of(sign, ...x), commitmentHash, info, 32))
    const cipher = createDecipheriv('chacha20-poly1305', key, new Uint8Array(12), { authTagLength: 16 })
    cipher.setAAD(commitmentHash, { plaintextLength: ciphertext.length - ECIES_OVERHEAD })
    cipher.setAuthTag(ciphertext.subarray(-16))
    const opened = cipher.update(ciphertext.subarray(33, -16))
    try {
      cipher.final()
      return new Uint8Array(opened)
    } catch {}
  }
  throw new Error('neither name of the shared point opens it')
}

test('the client decrypts, and so does an implementation on other primitives', () => {
  fc.assert(
    fc.property(fc.uint8Array(), secret, secret, hash, (plaintext, clientSecret, ephemeralSecret, commitmentHash) => {
      const clientKey = publicKeyOf(clientSecret)
      const ciphertext = eciesEncrypt({ plaintext, clientKey, commitmentHash, ephemeralSecret })
      assert.equal(ciphertext.length, plaintext.length + ECIES_OVERHEAD)
      assert.deepEqual(eciesEncrypt({ plaintext, clientKey, commitmentHash, ephemeralSecret }), ciphertext)
      assert.deepEqual(eciesDecrypt({ ciphertext, clientSecret, commitmentHash }), plaintext)
      assert.deepEqual(decryptWithNode(ciphertext, clientSecret, commitmentHash), plaintext)
    }),
    few,
  )
})

test('whoever is given the shared point decrypts that delivery', () => {
  fc.assert(
    fc.property(fc.uint8Array(), secret, secret, hash, (plaintext, clientSecret, ephemeralSecret, commitmentHash) => {
      const clientKey = publicKeyOf(clientSecret)
      const ciphertext = eciesEncrypt({ plaintext, clientKey, commitmentHash, ephemeralSecret })
      const shared = pointFromCompressed(ephemeralKeyOf(ciphertext)).multiply(scalarFromBytes(clientSecret))
      const sharedPoint = shared.toBytes(true)
      assert.deepEqual(eciesDecryptWithSharedPoint({ ciphertext, sharedPoint, clientKey, commitmentHash }), plaintext)
      const wrong = shared.double().toBytes(true)
      assert.throws(() => eciesDecryptWithSharedPoint({ ciphertext, sharedPoint: wrong, clientKey, commitmentHash }), {
        code: 'ECIES_FAILED',
      })
    }),
    few,
  )
})

test('a delivery that was altered, cut, made for another or for another commitment fails closed', () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      secret,
      hash,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (text, e, commitmentHash, at, flip) => {
        const clientSecret = bigIntToBytes32(7n)
        const clientKey = publicKeyOf(clientSecret)
        const ciphertext = eciesEncrypt({ plaintext: text, clientKey, commitmentHash, ephemeralSecret: e })
        const altered = ciphertext.slice()
        const place = at % altered.length
        altered[place] = (altered[place] ?? 0) ^ flip
        const otherHash = commitmentHash.slice().fill((commitmentHash[0] ?? 0) ^ 1, 0, 1)
        const failed = { name: 'CryptoError', code: 'ECIES_FAILED' }
        assert.throws(() => eciesDecrypt({ ciphertext: altered, clientSecret, commitmentHash }), failed)
        assert.throws(
          () => eciesDecrypt({ ciphertext: ciphertext.slice(0, place), clientSecret, commitmentHash }),
          failed,
        )
        assert.throws(() => eciesDecrypt({ ciphertext, clientSecret, commitmentHash: otherHash }), failed)
        assert.throws(() => eciesDecrypt({ ciphertext, clientSecret: bigIntToBytes32(8n), commitmentHash }), failed)
      },
    ),
    few,
  )
})

test('random bytes are no delivery', () => {
  fc.assert(
    fc.property(fc.uint8Array(), hash, (ciphertext, commitmentHash) => {
      const clientSecret = bigIntToBytes32(7n)
      assert.throws(() => eciesDecrypt({ ciphertext, clientSecret, commitmentHash }), { code: 'ECIES_FAILED' })
    }),
  )
})
