import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes, hexToBytes } from '@camelid/crypto'
import fc from 'fast-check'
import { CodecError } from '../codec-error.ts'
import { bytesOf } from '../testing/arbitraries.ts'
import { decodeAddress, encodeAddress } from './address.ts'
import { base58CheckDecode, base58CheckEncode, base58Decode, base58Encode } from './base58.ts'

test('base58, with its checksum and as an address, turns back into its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), bytesOf(20), (bytes, h2) => {
      assert.deepEqual(base58Decode(base58Encode(bytes)), bytes)
      assert.deepEqual(base58CheckDecode(base58CheckEncode(bytes)), bytes)
      assert.deepEqual(decodeAddress(encodeAddress(h2)), h2)
    }),
  )
})

test('any text is the one writing of what is read from it, or refused by name', () => {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'.split('')
  const text = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 600 }),
  )
  const pairs = [
    { read: base58Decode, write: base58Encode },
    { read: base58CheckDecode, write: base58CheckEncode },
    { read: decodeAddress, write: encodeAddress },
  ]
  const property = fc.property(text, fc.constantFrom(...pairs), (given, { read, write }) => {
    let bytes: Uint8Array
    try {
      bytes = read(given)
    } catch (error) {
      assert.ok(error instanceof CodecError, String(error))
      return
    }
    assert.equal(write(bytes), given)
  })
  fc.assert(property, { numRuns: 1_000 })
})

test('a mistyped address is refused, whatever character it is', () => {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'.split('')
  fc.assert(
    fc.property(bytesOf(20), fc.nat(), fc.constantFrom(...alphabet), (h2, at, character) => {
      const address = encodeAddress(h2)
      const place = at % address.length
      fc.pre(address[place] !== character)
      const typo = address.slice(0, place) + character + address.slice(place + 1)
      assert.throws(() => decodeAddress(typo), { code: 'BAD_ADDRESS' })
    }),
  )
})

test('the error says what is wrong with an address', () => {
  const h2 = hexToBytes('751e76e8199196d454941c45d1b3a323f1433bd6')
  const address = encodeAddress(h2)
  assert.equal(address, '1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH')
  const refused = (text: string, message: RegExp) =>
    assert.throws(() => decodeAddress(text), { code: 'BAD_ADDRESS', message })
  refused(address.replace('g', '0'), /base58/)
  refused(`${address.slice(0, -1)}J`, /checksum/)
  refused('', /checksum/)
  refused(base58CheckEncode(concatBytes(Uint8Array.of(5), h2)), /version 5/)
  refused(base58CheckEncode(concatBytes(Uint8Array.of(0), h2, h2)), /40 bytes, not 20/)
  refused('1'.repeat(10_000), /512 characters/)
  assert.throws(() => encodeAddress(new Uint8Array(21)), { code: 'BAD_LENGTH' })
})

test('any text is an address or a named error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.throws(
        () => decodeAddress(text),
        (error) => error instanceof CodecError && error.code === 'BAD_ADDRESS',
      )
    }),
  )
})
