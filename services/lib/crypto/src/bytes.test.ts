import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesToHex, compareBytes, concatBytes, equalBytes, hexToBytes, utf8, utf8Decode } from './bytes.ts'
import { CryptoError } from './crypto-error.ts'

const bytes = fc.uint8Array({ maxLength: 100 })

test('hex, UTF-8 and joined bytes come back as they were', () => {
  fc.assert(
    fc.property(bytes, bytes, fc.string({ unit: 'binary' }), (a, b, text) => {
      assert.deepEqual(hexToBytes(bytesToHex(a)), a)
      assert.deepEqual(hexToBytes(bytesToHex(a).toUpperCase()), a)
      assert.equal(utf8Decode(utf8(text)), text)
      assert.deepEqual(concatBytes(a, b).subarray(a.length), b)
    }),
  )
})

test('the order of bytes is that of their hex', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const [x, y] = [bytesToHex(a), bytesToHex(b)]
      assert.equal(Math.sign(compareBytes(a, b)), x < y ? -1 : x > y ? 1 : 0)
      assert.equal(equalBytes(a, b), x === y)
    }),
  )
})

test('text that only looks like hex is refused', () => {
  // The third holds letters whose low byte is a digit.
  for (const text of ['a', '0x00', '\u0130\u0131', 'zz', ' 00', '00\n']) {
    assert.throws(() => hexToBytes(text), { name: 'CryptoError', code: 'BAD_HEX' })
  }
})

test('broken UTF-8 is refused both ways, and a byte order mark is kept', () => {
  const bad = (error: unknown) => error instanceof CryptoError && error.code === 'BAD_UTF8'
  assert.throws(() => utf8('\ud800'), bad)
  for (const hex of ['ff', 'c080', 'eda080', 'f4908080', 'e282']) assert.throws(() => utf8Decode(hexToBytes(hex)), bad)
  assert.deepEqual(utf8(utf8Decode(hexToBytes('efbbbf41'))), hexToBytes('efbbbf41'))
})
