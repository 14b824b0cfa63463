import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { bigIntToBytes32, bytesToBigInt, concatBytes } from './bytes.ts'
import { ORDER, Point } from './curve.ts'
import { type Ecdsa, ecdsaBackend, fastestOf } from './ecdsa.ts'
import { answersRight } from './ecdsa-known-answer.ts'
import { nobleEcdsa } from './ecdsa-noble.ts'
import { loadSystemEcdsa } from './ecdsa-system.ts'
import { openSystemLibrary, SYSTEM_LIBRARIES } from './system-library.ts'
import { ECDSA_BACKENDS, whyMissing } from './testing/ecdsa-backends.ts'

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

const { native, wasm, system } = ECDSA_BACKENDS

test('the library of the machine is in use where there is one, else the build that the package brings', async (t) => {
  const home = dirname(createRequire(import.meta.url).resolve('secp256k1/package.json'))
  const built = existsSync(join(home, 'prebuilds', `${process.platform}-${process.arch}`))
  const library = await openSystemLibrary()
  t.diagnostic(`signatures are checked by ${ecdsaBackend}, the machine's libsecp256k1 being ${library?.name ?? 'none'}`)
  assert.equal(native !== undefined, built)
  const ours = built ? 'libsecp256k1' : 'libsecp256k1-wasm'
  assert.equal(ecdsaBackend, library === undefined ? ours : 'libsecp256k1-system')
})

test('what is not there or does not answer right has the next in its place', async () => {
  assert.ok(wasm !== undefined, 'WebAssembly loads on every machine')
  const none = async () => undefined
  const inVain = () => assert.fail('loaded in vain')
  const reference = nobleEcdsa
  assert.equal(await fastestOf({ native: undefined, reference, loadWasm: none, loadSystem: none }), reference)
  assert.equal(await fastestOf({ native: undefined, reference, loadWasm: async () => wasm, loadSystem: none }), wasm)
  assert.equal(await fastestOf({ native: wasm, reference, loadWasm: inVain, loadSystem: none }), wasm)
  const over: Ecdsa[] = []
  const loadSystem = async (signer: Ecdsa) => {
    over.push(signer)
    return reference
  }
  assert.equal(await fastestOf({ native: wasm, reference, loadWasm: inVain, loadSystem }), reference)
  assert.deepEqual(over, [wasm])
})

test('a library of the machine that is not there, too old or another is not taken', async () => {
  // The C library of the process has none of the functions.
  const names = ['libsecp256k1.so.nowhere', 'libc.so.6', 'libSystem.B.dylib', 'kernel32.dll']
  assert.equal(await openSystemLibrary(names), undefined)
  assert.equal(await loadSystemEcdsa(nobleEcdsa, names), undefined)
  assert.ok(!SYSTEM_LIBRARIES.some((name) => /[.-]0\b/.test(name)))
})

test('a library that judges wrongly in any way is found out by known answers', () => {
  assert.ok(answersRight(nobleEcdsa))
  const zero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0)
  const above = (bytes: Uint8Array) => bytesToBigInt(bytes) >= ORDER
  const [r, s] = [(signed: Uint8Array) => signed.subarray(0, 32), (signed: Uint8Array) => signed.subarray(32)]
  const right: Ecdsa['verify'] = (...one) => nobleEcdsa.verify(...one)
  const wrong: Ecdsa['verify'][] = [
    () => true,
    () => false,
    // The key, then the digest, is not looked at.
    (signed, message, _, lowS) => right(signed, message, nobleEcdsa.publicKeyOf(bigIntToBytes32(1n)), lowS),
    (signed, message, key, lowS) => right(signed, message, key, lowS) || (message[31] ?? 0) % 2 === 1,
    (signed, message, key) => right(signed, message, key, true),
    (signed, message, key) => right(signed, message, key, false),
    (signed, ...rest) => zero(r(signed)) || right(signed, ...rest),
    (signed, ...rest) => zero(s(signed)) || right(signed, ...rest),
    (signed, ...rest) => above(r(signed)) || right(signed, ...rest),
    (signed, ...rest) => above(s(signed)) || right(signed, ...rest),
    (signed, message, key, lowS) => right(signed, message, key.length === 65 ? key.with(0, 4) : key, lowS),
    (signed, message, key, lowS) => key.length === 33 && right(signed, message, key, lowS),
  ]
  for (const verify of wrong) assert.ok(!answersRight({ ...nobleEcdsa, verify }), verify.toString())
  assert.ok(!answersRight({ ...nobleEcdsa, isPublicKey: () => true }))
  assert.ok(!answersRight({ ...nobleEcdsa, publicKeyOf: () => nobleEcdsa.publicKeyOf(bigIntToBytes32(2n)) }))
  assert.ok(!answersRight({ ...nobleEcdsa, sign: (message) => nobleEcdsa.sign(message, bigIntToBytes32(2n)) }))
})

/** The forms in which a script may show one key: compressed, uncompressed, hybrid, and hybrid with the wrong parity. */
function formsOf(privateKey: Uint8Array): Uint8Array[] {
  const point = Point.BASE.multiply(bytesToBigInt(privateKey))
  const plain = point.toBytes(false)
  const parity = (plain.at(-1) ?? 0) & 1
  return [point.toBytes(true), plain, plain.with(0, 6 + parity), plain.with(0, 7 - parity), plain.with(0, 5)]
}

for (const [name, library] of Object.entries({ native, wasm, system })) {
  if (library === undefined) {
    test(`${name} agrees with the reference`, { skip: `NOT RUN: ${whyMissing(name)}` })
    continue
  }

  const agree = (signed: Uint8Array, message: Uint8Array, key: Uint8Array): void => {
    for (const lowS of [true, false])
      assert.equal(library.verify(signed, message, key, lowS), nobleEcdsa.verify(signed, message, key, lowS))
  }

  test(`${name} makes the same keys and signatures as the reference`, () => {
    fc.assert(
      fc.property(secret, digest, (key, message) => {
        assert.deepEqual(library.publicKeyOf(key), nobleEcdsa.publicKeyOf(key))
        assert.deepEqual(library.sign(message, key), nobleEcdsa.sign(message, key))
      }),
      few,
    )
  })

  test(`${name} judges good signatures and their high-S twins alike, under keys of every form`, () => {
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

  test(`${name} refuses garbage alike and leaves what it is given as it was`, () => {
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

  test(`${name} reads views into a larger buffer where they stand`, () => {
    const key = new Uint8Array(32).fill(7)
    const message = new Uint8Array(32).fill(9)
    const joined = concatBytes(new Uint8Array(3), nobleEcdsa.sign(message, key), message, nobleEcdsa.publicKeyOf(key))
    const judge = (by: Ecdsa) => by.verify(joined.subarray(3, 67), joined.subarray(67, 99), joined.subarray(99), true)
    assert.deepEqual([library, nobleEcdsa].map(judge), [true, true])
  })
}
