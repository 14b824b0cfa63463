import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bigIntToBytes32, bytesToBigInt, bytesToHex, utf8 } from './bytes.ts'
import { ORDER } from './curve.ts'
import { sha256 } from './hash.ts'
import { generatePrivateKey, isPrivateKey, isPublicKey, publicKeyOf } from './keys.ts'
import { sign } from './sign.ts'
import { verify } from './verify.ts'

const secret = fc.bigInt({ min: 1n, max: ORDER - 1n }).map(bigIntToBytes32)
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 })
const few = { numRuns: 25 }

test('signatures are those of RFC 6979 with low s', () => {
  // The vectors of secp256k1 that wallets share (trezor, CoreBitcoin).
  const vectors: readonly [bigint, string, string][] = [
    [
      1n,
      'Satoshi Nakamoto',
      '934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5',
    ],
    [
      1n,
      'All those moments will be lost in time, like tears in rain. Time to die...',
      '8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21',
    ],
    [
      ORDER - 1n,
      'Satoshi Nakamoto',
      'fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d06b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5',
    ],
  ]
  for (const [key, message, expected] of vectors) {
    assert.equal(bytesToHex(sign(sha256(utf8(message)), bigIntToBytes32(key))), expected)
  }
})

test('what a key signs it verifies, low-S, the same each time', () => {
  fc.assert(
    fc.property(secret, digest, (key, message) => {
      const signature = sign(message, key)
      assert.deepEqual(sign(message, key), signature)
      assert.ok(bytesToBigInt(signature.subarray(32)) <= ORDER / 2n)
      assert.ok(verify(signature, message, publicKeyOf(key)))
    }),
    few,
  )
})

test('the high-S twin of a signature is refused unless asked for', () => {
  fc.assert(
    fc.property(secret, digest, (key, message) => {
      const twin = sign(message, key)
      twin.set(bigIntToBytes32(ORDER - bytesToBigInt(twin.subarray(32))), 32)
      assert.equal(verify(twin, message, publicKeyOf(key)), false)
      assert.equal(verify(twin, message, publicKeyOf(key), { lowS: false }), true)
    }),
    few,
  )
})

test('a changed bit anywhere is no signature', () => {
  fc.assert(
    fc.property(secret, digest, fc.nat({ max: 129 * 8 - 1 }), (key, message, bit) => {
      const parts = [sign(message, key), message, publicKeyOf(key)] as const
      const joined = parts.flatMap((part) => [...part])
      joined[bit >> 3] = (joined[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const changed = Uint8Array.from(joined)
      assert.equal(verify(changed.slice(0, 64), changed.slice(64, 96), changed.slice(96)), false)
    }),
    few,
  )
})

test('bytes of any shape are at worst no signature, key or secret', () => {
  const any = fc.uint8Array({ maxLength: 70 })
  fc.assert(
    fc.property(any, any, any, (a, b, c) => {
      assert.equal(verify(a, b, c), false)
      assert.equal(typeof isPublicKey(a), 'boolean')
      assert.equal(typeof isPrivateKey(a), 'boolean')
    }),
  )
})

test('secrets outside the group and digests of another length are refused', () => {
  const message = new Uint8Array(32)
  for (const key of [
    new Uint8Array(32),
    bigIntToBytes32(ORDER),
    new Uint8Array(31).fill(1),
    new Uint8Array(33).fill(1),
  ]) {
    assert.throws(() => sign(message, key), { code: 'BAD_PRIVATE_KEY' })
    assert.throws(() => publicKeyOf(key), { code: 'BAD_PRIVATE_KEY' })
    assert.equal(isPrivateKey(key), false)
  }
  assert.throws(() => sign(new Uint8Array(31), generatePrivateKey()), { code: 'BAD_LENGTH' })
})

test('only compressed points of the curve are public keys', () => {
  const key = publicKeyOf(generatePrivateKey())
  assert.ok(isPublicKey(key))
  assert.equal(isPublicKey(new Uint8Array(33)), false)
  // x = 5 is on no point of secp256k1.
  assert.equal(isPublicKey(Uint8Array.of(2, ...bigIntToBytes32(5n))), false)
  // x of the field's size would be another name of x = 0 or more.
  assert.equal(isPublicKey(new Uint8Array(33).fill(0xff).fill(2, 0, 1)), false)
  assert.equal(isPublicKey(Uint8Array.of(4, ...key.subarray(1))), false)
})
