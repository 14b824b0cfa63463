import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesToHex, concatBytes, hexToBytes } from '@camelid/crypto'
import fc from 'fast-check'
import { u16, u32, u64, utf8Text } from '../testing/arbitraries.ts'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

test('fields come back in the order they were written', () => {
  fc.assert(
    fc.property(u16, u32, u64, fc.uint8Array({ maxLength: 1000 }), utf8Text(1000), (a, b, c, bytes, text) => {
      const written = new ByteWriter()
        .u8(a & 0xff)
        .u16(a)
        .u32(b)
        .u64(c)
        .compactSize(b & 0x1ffffff)
        .varBytes(bytes)
        .text(text)
      const reader = new ByteReader(written.finish())
      assert.equal(reader.remaining, written.length)
      assert.equal(reader.u8(), a & 0xff)
      assert.equal(reader.u16(), a)
      assert.equal(reader.u32(), b)
      assert.equal(reader.u64(), c)
      assert.equal(reader.compactSize(), b & 0x1ffffff)
      assert.deepEqual(reader.varBytes(), bytes)
      assert.equal(reader.text(), text)
      reader.end()
    }),
  )
})

test('integers are little-endian', () => {
  assert.equal(
    bytesToHex(new ByteWriter().u16(0x0102).u32(0x01020304).u64(0x0102030405060708n).finish()),
    '0201040302010807060504030201',
  )
})

test('CompactSize has one form for each size', () => {
  const canonical: readonly [number, string][] = [
    [0, '00'],
    [252, 'fc'],
    [253, 'fdfd00'],
    [0xffff, 'fdffff'],
    [0x10000, 'fe00000100'],
    [0x02000000, 'fe00000002'],
  ]
  for (const [size, hex] of canonical) {
    assert.equal(bytesToHex(new ByteWriter().compactSize(size).finish()), hex)
    assert.equal(new ByteReader(hexToBytes(hex)).compactSize(), size)
  }
  assert.equal(bytesToHex(new ByteWriter().compactSize(2 ** 32).finish()), 'ff0000000001000000')
  for (const hex of ['fd0000', 'fdfc00', 'fe00000000', 'feffff0000', 'ff0000000000000000', 'ffffffffff00000000']) {
    assert.throws(() => new ByteReader(hexToBytes(hex)).compactSize(), { code: 'NON_CANONICAL_SIZE' }, hex)
  }
  for (const hex of ['fe01000002', 'ff0000000001000000', 'ffffffffffffffffff']) {
    assert.throws(() => new ByteReader(hexToBytes(hex)).compactSize(), { code: 'TOO_LONG' }, hex)
  }
})

test('a length is judged before memory is taken for it', () => {
  const announcing = (hex: string) => new ByteReader(hexToBytes(hex))
  assert.throws(() => announcing('fe00000002').varBytes(), { code: 'TRUNCATED' })
  assert.throws(() => announcing('05ffffffffff').varBytes(4), { code: 'TOO_LONG' })
  assert.throws(() => announcing('fdff00').count(41), { code: 'TRUNCATED' })
  assert.throws(() => announcing('ff').compactSize(), { code: 'TRUNCATED' })
  assert.throws(() => announcing('').u8(), { code: 'TRUNCATED' })
  assert.throws(() => announcing('00').end(), { code: 'TRAILING_BYTES' })
})

test('broken text is refused both ways', () => {
  assert.throws(() => new ByteReader(hexToBytes('02c080')).text(), { code: 'BAD_UTF8', score: 20 })
  assert.throws(() => new ByteWriter().text('\udc00'), { code: 'BAD_UTF8' })
})

test('a field cannot be written with a value that it does not hold', () => {
  const writer = () => new ByteWriter()
  for (const value of [-1, 256, 0.5, Number.NaN]) assert.throws(() => writer().u8(value), { code: 'OUT_OF_RANGE' })
  assert.throws(() => writer().u16(0x10000), { code: 'OUT_OF_RANGE' })
  assert.throws(() => writer().u32(2 ** 32), { code: 'OUT_OF_RANGE' })
  for (const value of [-1n, 2n ** 64n]) assert.throws(() => writer().u64(value), { code: 'VALUE_OVERFLOW' })
  assert.throws(() => writer().fixed(new Uint8Array(31), 32), { code: 'BAD_LENGTH' })
})

test('what is read is a copy, also from the middle of a larger buffer', () => {
  const frame = concatBytes(Uint8Array.of(9, 9), Uint8Array.of(1, 2, 3, 4))
  const reader = new ByteReader(frame.subarray(2))
  assert.equal(reader.u16(), 0x0201)
  const rest = reader.bytes(2)
  frame.fill(0)
  assert.deepEqual(rest, Uint8Array.of(3, 4))
})
