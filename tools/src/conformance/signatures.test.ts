import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  bigIntToBytes32,
  bytesToBigInt,
  bytesToHex,
  concatBytes,
  encodeDer,
  hexToBytes,
  sha256,
  sha256d,
  sign,
} from '@camelid/crypto'
import { ECDSA_BACKENDS } from '@camelid/crypto/testing/ecdsa-backends'
import { judged, sums } from './testing.ts'

const SECRET = new Uint8Array(32).fill(1)
const KEY =
  '041b84c5567b126440995d3ed5aaba0565d71e1834604819ff9c17f5e9d5dd078f70beaf8f588b541507fed6a642c5ab42dfdf8120a7f639de5122d47a69a8e8d1'
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const MESSAGE = '313233343030'
const DIGEST = sha256(hexToBytes(MESSAGE))
const LOW = sign(DIGEST, SECRET)
const HIGH = concatBytes(LOW.subarray(0, 32), bigIntToBytes32(ORDER - bytesToBigInt(LOW.subarray(32))))
const DER = encodeDer(LOW)
const typed = (der: Uint8Array, type = 1) => bytesToHex(concatBytes(der, Uint8Array.of(type)))

test('sighash: digests of every type, signed and unsigned, against a known one and one made by hand', () => {
  // One input, one output, lockTime 0; of input 0 under ALL the preimage is the transaction with the script in it, and the type.
  const [head, tail] = [`01000000${'01'}${'11'.repeat(32)}00000000`, `ffffffff${'01'}0500000000000000015100000000`]
  const tx = `${head}00${tail}`
  const all = sha256d(hexToBytes(`${head}0151${tail}01000000`)).toReversed()
  const negative = sha256d(hexToBytes(`${head}0151${tail}41ffffff`)).toReversed()
  const twoInputs = `01000000${'02'}${'11'.repeat(32)}00000000${'00'}ffffffff${'11'.repeat(32)}01000000${'00'}${tail}`
  const one = `${'00'.repeat(31)}01`
  const rows = [
    ['raw_transaction, script, input_index, hashType, signature_hash (result)'],
    [tx, '51', 0, 1, bytesToHex(all)],
    [tx, 'ab51ab', 0, 1, bytesToHex(all)],
    [tx, '51', 0, -191, bytesToHex(negative)],
    [tx, '51', 0, 2 ** 32 - 191, bytesToHex(negative)],
    [twoInputs, '51', 1, 3, one],
  ]
  const { well, printed } = judged('sighash', rows)
  assert.ok(well, printed)
  assert.match(printed, sums(5, 0, 0))
  const wrong = [
    [tx, '51', 0, 2, bytesToHex(all)],
    [tx, '52', 0, 1, bytesToHex(all)],
    [tx, '51', 1, 1, one],
    [tx, '51', 0, 1, bytesToHex(all.toReversed())],
    [tx, '51', 0, 1.5, bytesToHex(all)],
    [tx.slice(2), '51', 0, 1, bytesToHex(all)],
  ]
  for (const row of wrong) assert.match(judged('sighash', [...rows.slice(0, 2), row]).printed, sums(1, 1, 0))
})

test('sig-canonical and sig-noncanonical judge the encoding and the hash type', () => {
  const canonical = [typed(DER), typed(encodeDer(HIGH), 0x83), '300602010002010001']
  const not = [typed(DER, 0x11), typed(DER, 0), '', typed(DER.with(0, 0x31)), typed(concatBytes(DER, Uint8Array.of(0)))]
  assert.match(judged('sig-canonical', canonical).printed, sums(3, 0, 0))
  assert.match(judged('sig-noncanonical', ['remark:', ...not.filter(Boolean)]).printed, sums(4, 0, 0))
  for (const one of not.filter(Boolean))
    assert.match(judged('sig-canonical', [...canonical, one]).printed, sums(3, 1, 0))
  assert.match(judged('sig-canonical', [...canonical, 'no hex']).printed, sums(3, 1, 0))
  const { printed } = judged('sig-noncanonical', [typed(DER, 0), 'looks right:', typed(DER)])
  assert.match(printed, /FAILED row 3 \(looks right:\)/)
  assert.match(printed, sums(1, 1, 0))
})

type Vector = readonly [signature: Uint8Array, result: string]
function wycheproof(type: string, vectors: readonly Vector[], group: object = {}, file: object = {}): object {
  const tests = vectors.map(([sig, result], i) => ({
    tcId: i + 1,
    comment: 'by hand',
    flags: [],
    msg: MESSAGE,
    sig: bytesToHex(sig),
    result,
  }))
  const publicKey = { type: 'EcPublicKey', curve: 'secp256k1', keySize: 256, uncompressed: KEY }
  return {
    algorithm: 'ECDSA',
    numberOfTests: tests.length,
    testGroups: [{ type, publicKey, sha: 'SHA-256', tests, ...group }],
    ...file,
  }
}

const BACKENDS = [
  [],
  ['--backend', 'noble'],
  ['--backend', 'wasm'],
  ...(ECDSA_BACKENDS.native === undefined ? [] : [['--backend=native']]),
  ...(ECDSA_BACKENDS.system === undefined ? [] : [['--backend', 'system']]),
]
for (const backend of BACKENDS) {
  test(`wycheproof ${backend.join(' ')}: DER, compact and Bitcoin's, high S being skipped where it alone is valid`, () => {
    const der = wycheproof('EcdsaVerify', [
      [DER, 'valid'],
      [encodeDer(HIGH), 'valid'],
      [DER.with(-1, (DER.at(-1) ?? 0) ^ 1), 'invalid'],
      [DER.slice(0, -1), 'invalid'],
      [concatBytes(DER, Uint8Array.of(0)), 'acceptable'],
    ])
    const { well, printed } = judged('wycheproof', der, ...backend)
    assert.ok(well, printed)
    assert.match(printed, / {2}skipped 1: valid only for a high S\n {2}skipped 1: acceptable either way\n/)
    assert.match(printed, sums(3, 0, 2))
    const compact: Vector[] = [
      [LOW, 'valid'],
      [HIGH, 'valid'],
      [new Uint8Array(64), 'invalid'],
      [LOW.slice(1), 'invalid'],
      [new Uint8Array(), 'invalid'],
    ]
    assert.match(judged('wycheproof', wycheproof('EcdsaP1363Verify', compact), ...backend).printed, sums(4, 0, 1))
    const bitcoin: Vector[] = [
      [DER, 'valid'],
      [encodeDer(HIGH), 'invalid'],
    ]
    assert.match(judged('wycheproof', wycheproof('EcdsaBitcoinVerify', bitcoin), ...backend).printed, sums(2, 0, 0))
  })

  test(`wycheproof ${backend.join(' ')}: a row fails that says otherwise`, () => {
    const wrong: [string, Vector][] = [
      ['EcdsaVerify', [DER, 'invalid']],
      ['EcdsaVerify', [encodeDer(HIGH), 'invalid']],
      ['EcdsaVerify', [DER.slice(1), 'valid']],
      ['EcdsaP1363Verify', [LOW, 'invalid']],
      ['EcdsaP1363Verify', [LOW.with(5, 1), 'valid']],
      ['EcdsaBitcoinVerify', [encodeDer(HIGH), 'valid']],
    ]
    for (const [type, vector] of wrong) {
      assert.match(judged('wycheproof', wycheproof(type, [vector]), ...backend).printed, sums(0, 1, 0), type)
    }
  })
}

test('wycheproof: other hashes are cut to 256 bits, the older layout is read, other curves are skipped', () => {
  const hashes: [string, string, { outputLength: number }?][] = [
    ['SHA-512', 'sha512'],
    ['SHA3-256', 'sha3-256'],
    ['SHA3-512', 'sha3-512'],
    ['SHAKE128', 'shake128', { outputLength: 32 }],
    ['SHAKE256', 'shake256', { outputLength: 64 }],
  ]
  for (const [sha, name, options] of hashes) {
    const digest = createHash(name, options).update(hexToBytes(MESSAGE)).digest()
    const signature = sign(new Uint8Array(digest.subarray(0, 32)), SECRET)
    const file = wycheproof('EcdsaVerify', [[encodeDer(signature), 'valid']], { sha })
    assert.match(judged('wycheproof', file).printed, sums(1, 0, 0), sha)
  }
  const short = createHash('sha224').update(hexToBytes(MESSAGE)).digest()
  const signature = sign(concatBytes(new Uint8Array(4), short), SECRET)
  const padded = wycheproof('EcdsaVerify', [[encodeDer(signature), 'valid']], { sha: 'SHA-224' })
  assert.match(judged('wycheproof', padded).printed, sums(1, 0, 0))

  const key = { curve: 'secp256k1', keySize: 256, type: 'EcPublicKey', uncompressed: KEY }
  const older = wycheproof('EcdsaVerify', [[DER, 'valid']], { publicKey: undefined, key, keyDer: '', keyPem: '' })
  assert.match(judged('wycheproof', older).printed, sums(1, 0, 0))
  const other = wycheproof('EcdsaVerify', [[DER, 'valid']], { publicKey: { ...key, curve: 'secp256r1' } })
  assert.match(judged('wycheproof', other).printed, / {2}skipped 1: on the curve secp256r1\n/)
})

test('wycheproof: a broken file is a named failure', () => {
  const broken: [object, RegExp][] = [
    [wycheproof('EcdsaVerify', [[DER, 'valid']], {}, { numberOfTests: 2 }), /2 tests are announced, 1 are there/],
    [wycheproof('EddsaVerify', [[DER, 'valid']]), /BAD_FILE/],
    [wycheproof('EcdsaVerify', [[DER, 'perhaps']]), /BAD_FILE/],
    [wycheproof('EcdsaVerify', [[DER, 'valid']], { publicKey: undefined }), /a group without publicKey or key/],
    [wycheproof('EcdsaVerify', [[DER, 'valid']], { sha: 'MD5' }), /the hash MD5 is not known/],
    [[], /BAD_FILE/],
  ]
  for (const [file, message] of broken) {
    const { well, printed } = judged('wycheproof', file)
    assert.ok(!well)
    assert.match(printed, message)
    assert.match(printed, sums(0, 1, 0))
  }
})
