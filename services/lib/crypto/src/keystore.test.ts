import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CryptoError } from './crypto-error.ts'
import { openKeystore, sealKeystore } from './keystore.ts'

const secrets = { node: new Uint8Array(32).fill(7), words: new Uint8Array([1, 2, 3]) }
const password = 'correct horse'
const sealed = sealKeystore({ secrets, password })

test('a keystore opens with its password and gives back what went in', () => {
  assert.deepEqual(openKeystore(sealed, password), secrets)
})

test('another password is told apart from a broken file', () => {
  assert.throws(() => openKeystore(sealed, 'correct horsf'), { name: 'CryptoError', code: 'WRONG_PASSWORD' })
  const altered = sealed.replace(/"ciphertext": "(.)/, (_, digit) => `"ciphertext": "${digit === '0' ? '1' : '0'}`)
  assert.throws(() => openKeystore(altered, password), { code: 'WRONG_PASSWORD' })
  assert.throws(() => openKeystore(sealed.slice(1), password), { code: 'BAD_KEYSTORE' })
})

test('given salt and nonce make the same file; otherwise no two are alike', () => {
  const fixed = { salt: new Uint8Array(32), nonce: new Uint8Array(24) }
  assert.equal(sealKeystore({ secrets, password, ...fixed }), sealKeystore({ secrets, password, ...fixed }))
  assert.notEqual(sealKeystore({ secrets, password }), sealed)
})

test('a file that asks for more memory, another method or another version is refused before it is obeyed', () => {
  const file = JSON.parse(sealed)
  const kdf = (change: object) => JSON.stringify({ ...file, kdf: { ...file.kdf, ...change } })
  const hostile = [
    kdf({ n: 2 ** 18 }),
    kdf({ n: 2 ** 40 }),
    kdf({ n: 2 ** 13 }),
    kdf({ n: 40_000 }),
    kdf({ n: 32_768.5 }),
    kdf({ n: '32768' }),
    kdf({ r: 1_024 }),
    kdf({ p: 1_000 }),
    kdf({ name: 'none' }),
    kdf({ salt: '00' }),
    kdf({ more: 1 }),
    JSON.stringify({ ...file, version: 2 }),
    JSON.stringify({ ...file, ciphertext: '' }),
    JSON.stringify({ ...file, cipher: { name: 'none', nonce: '' } }),
    `${sealed}${' '.repeat(70_000)}`,
    'null',
    '[]',
  ]
  for (const text of hostile)
    assert.throws(() => openKeystore(text, password), { code: 'BAD_KEYSTORE' }, text.slice(0, 99))
})

test('text that is no keystore gives one named error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.throws(
        () => openKeystore(text, password),
        (error) => error instanceof CryptoError && error.code === 'BAD_KEYSTORE',
      )
    }),
  )
})

test('a changed file opens as it was, or fails by name', () => {
  const property = fc.property(fc.nat(), fc.string({ maxLength: 2 }), fc.nat(3), (place, put, cut) => {
    const at = place % sealed.length
    try {
      assert.deepEqual(openKeystore(sealed.slice(0, at) + put + sealed.slice(at + cut), password), secrets)
    } catch (error) {
      assert.ok(error instanceof CryptoError && ['BAD_KEYSTORE', 'WRONG_PASSWORD'].includes(error.code), String(error))
    }
  })
  // Where it still reads as a keystore, each takes a tenth of a second.
  fc.assert(property, { numRuns: 30 })
})

test('names and secrets out of form, and an empty password, are not sealed', () => {
  const refused = { code: 'BAD_KEYSTORE' }
  assert.throws(() => sealKeystore({ secrets: { 'Node Key': new Uint8Array(1) }, password }), refused)
  assert.throws(() => sealKeystore({ secrets: { node: new Uint8Array(0) }, password }), refused)
  assert.throws(() => sealKeystore({ secrets: { node: new Uint8Array(1025) }, password }), refused)
  assert.throws(() => sealKeystore({ secrets, password: '' }), refused)
  assert.throws(() => sealKeystore({ secrets, password, salt: new Uint8Array(8) }), refused)
})

test('neither the file nor an error shows a secret', () => {
  assert.ok(!sealed.includes('07070707'))
  try {
    openKeystore(sealed, 'wrong')
  } catch (error) {
    assert.ok(!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('0707'))
  }
})
