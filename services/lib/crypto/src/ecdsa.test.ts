import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { bigIntToBytes32, bytesToBigInt, concatBytes } from './bytes.ts'
import { ORDER, Point } from './curve.ts'
import { type Ecdsa, ecdsaBackend, fastestOf } from './ecdsa.ts'
import { nobleEcdsa } from './ecdsa-noble.ts'
import { ECDSA_BACKENDS } from './testing/ecdsa-backends.ts'

const secret = fc.bigInt({ min: 1n, max: ORDER - 1n }).map(bigIntToBytes32)
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
// Digests at and above the order, where RFC 6979 and libsecp256k1 part, are too rare to come by chance.
const digest = fc.oneof(
  { weight: 4, arbitrary: bytes32 },
  fc.constantFrom(0n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 256n - 1n).map(bigIntToBytes32),
)
const edge = fc.constantFrom(0n, 1n, ORDER / 2n, ORDER / 2n + 1n, ORDER - 1n, ORDER, 2n ** 256n - 1n)
const number = fc.oneof(edge, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })).map(bigIntToBytes32)
const signature = fc.tuple(number, number).map(([r, s]) => concatBytes(r, s))
const few = { numRuns: 60 }

test('the native library is in use wherever the package brings a build of it', () => {
  const home = dirname(createRequire(import.meta.url).resolve('secp256k1/package.json'))
  const built = existsSync(join(home, 'prebuilds', `${process.platform}-${process.arch}`))
  assert.equal(ecdsaBackend, built ? 'libsecp256k1' : 'libsecp256k1-wasm')
})

const { native, wasm } = ECDSA_BACKENDS

test('where there is no native build, WebAssembly takes its place, and JavaScript where neither loads', async () => {
  assert.ok(wasm !== undefined, 'WebAssembly loads on every machine')
  assert.equal(await fastestOf(undefined, async () => wasm, nobleEcdsa), wasm)
  assert.equal(await fastestOf(undefined, async () => undefined, nobleEcdsa), nobleEcdsa)
  assert.equal(await fastestOf(native, () => assert.fail('not loaded in vain'), nobleEcdsa), native)
})

/** The forms in which a script may show one key: compressed, uncompressed, hybrid, and hybrid with the wrong parity. */
function formsOf(privateKey: Uint8Array): Uint8Array[] {
  const point = Point.BASE.multiply(bytesToBigInt(privateKey))
  const plain = point.toBytes(false)
  const parity = (plain.at(-1) ?? 0) & 1
  return [point.toBytes(true), plain, plain.with(0, 6 + parity), plain.with(0, 7 - parity), plain.with(0, 5)]
}

for (const [name, judged] of Object.entries({ native, wasm })) {
  const skip = judged === undefined ? 'there is no build of it for this machine' : false
  const library = judged ?? nobleEcdsa

  const agree = (signed: Uint8Array, message: Uint8Array, key: Uint8Array): void => {
    for (const lowS of [true, false])
      assert.equal(library.verify(signed, message, key, lowS), nobleEcdsa.verify(signed, message, key, lowS))
  }

  test(`${name} makes the same keys and signatures as the reference`, { skip }, () => {
    fc.assert(
      fc.property(secret, digest, (key, message) => {
        assert.deepEqual(library.publicKeyOf(key), nobleEcdsa.publicKeyOf(key))
        assert.deepEqual(library.sign(message, key), nobleEcdsa.sign(message, key))
      }),
      few,
    )
  })

  test(`${name} judges good signatures and their high-S twins alike, under keys of every form`, { skip }, () => {
    fc.assert(
      fc.property(secret, digest, (key, message) => {
        const signed = nobleEcdsa.sign(message, key)
        const twin = concatBytes(signed.subarray(0, 32), bigIntToBytes32(ORDER - bytesToBigInt(signed.subarray(32))))
        const [compressed = signed, ...others] = formsOf(key)
        assert.ok(library.verify(signed, message, compressed, true))
        assert.ok(!library.verify(twin, message, compressed, true))
        assert.ok(library.verify(twin, message, compressed, false))
        for (const form of [compressed, ...others]) {
          agree(signed, message, form)
          agree(twin, message, form)
        }
      }),
      { numRuns: 15 },
    )
  })

  test(`${name} refuses garbage alike and leaves what it is given as it was`, { skip }, () => {
    const key = fc.oneof(
      fc.uint8Array({ minLength: 33, maxLength: 33 }),
      number.map((x) => concatBytes(Uint8Array.of(2), x)),
      fc
        .tuple(fc.constantFrom(2, 4, 6, 7), number, number)
        .map(([form, x, y]) => concatBytes(Uint8Array.of(form), x, y)),
    )
    fc.assert(
      fc.property(signature, digest, key, secret, (signed, message, garbage, owner) => {
        const before = signed.slice()
        agree(signed, message, garbage)
        agree(signed, message, nobleEcdsa.publicKeyOf(owner))
        assert.deepEqual(signed, before)
        const compressed = garbage.subarray(0, 33)
        assert.equal(library.isPublicKey(compressed), nobleEcdsa.isPublicKey(compressed))
      }),
      { numRuns: 150 },
    )
  })

  test(`${name} reads views into a larger buffer where they stand`, { skip }, () => {
    const key = new Uint8Array(32).fill(7)
    const message = new Uint8Array(32).fill(9)
    const joined = concatBytes(new Uint8Array(3), nobleEcdsa.sign(message, key), message, nobleEcdsa.publicKeyOf(key))
    const judge = (by: Ecdsa) => by.verify(joined.subarray(3, 67), joined.subarray(67, 99), joined.subarray(99), true)
    assert.deepEqual([library, nobleEcdsa].map(judge), [true, true])
  })
}
