import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { testVectors } from '@camelid/crypto/testing/vector-test'
import fc from 'fast-check'
import { keyFromSeed, keysFromMnemonic, receivingPath } from './derive-key.ts'
import { newMnemonic, parseMnemonic, seedOf } from './mnemonic.ts'
import { judgeMnemonics } from './testing/bip39-rows.ts'

const ABANDON = `${'abandon '.repeat(11)}about`

test('words, seed and keys are those of BIP39, BIP32 and BIP44', () => {
  assert.equal(newMnemonic(new Uint8Array(16)), ABANDON)
  assert.equal(
    bytesToHex(seedOf(ABANDON, 'TREZOR')),
    'c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04',
  )
  // The first Bitcoin address of these words, as every BIP44 wallet shows it; ours have the same form.
  assert.equal(keysFromMnemonic(ABANDON, "m/44'/0'/0'/0/0").address, '1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA')
  // BIP32, test vector 1, chain m/0'/1/2'.
  const seed = hexToBytes('000102030405060708090a0b0c0d0e0f')
  assert.equal(
    bytesToHex(keyFromSeed(seed, "m/0'/1/2'").privateKey),
    'cbce0d719ecf7431d88e6a89fa1483e02e35092af60c042b1df2ff59fa424dca',
  )
})

testVectors("BIP39's own vectors agree", { folder: 'bip39', name: /./, judge: judgeMnemonics })

test('words come back from any entropy, however they are typed', () => {
  const entropy = fc.constantFrom(16, 20, 24, 28, 32).chain((n) => fc.uint8Array({ minLength: n, maxLength: n }))
  fc.assert(
    fc.property(entropy, (bytes) => {
      const words = newMnemonic(bytes)
      assert.equal(parseMnemonic(`  ${words.toUpperCase().replaceAll(' ', '\n ')} `), words)
    }),
  )
})

test('each index has a key of its own, the first unless said', () => {
  const first = keysFromMnemonic(ABANDON)
  assert.deepEqual(keysFromMnemonic(ABANDON, "m/44'/7331'/0'/0/0"), first)
  assert.notEqual(keysFromMnemonic(ABANDON, receivingPath(1)).address, first.address)
})

test('wrong words, paths and entropy are named errors', () => {
  for (const words of ['', 'abandon', `${'abandon '.repeat(11)}abandon`, ABANDON.replace('about', 'abouts')]) {
    assert.throws(() => keysFromMnemonic(words), { name: 'WalletError', code: 'BAD_MNEMONIC' })
  }
  for (const path of ['', 'x', "44'/0'", 'm/', 'm//0', 'm/-1', 'm/2147483648', "m/0''", 'm/0h', 'm/0x1', 'm/ 1']) {
    assert.throws(() => keysFromMnemonic(ABANDON, path), { code: 'BAD_PATH' }, path)
  }
  assert.throws(() => newMnemonic(new Uint8Array(15)), { code: 'BAD_ENTROPY' })
})

test('an error about words does not repeat them', () => {
  assert.throws(
    () => seedOf('correct horse battery'),
    (error) => error instanceof Error && !error.message.includes('horse'),
  )
})
