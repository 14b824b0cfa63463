import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CodecError } from '../codec-error.ts'
import { decodeShortIds, encodeShortIds, SHORT_ID_BYTES, ShortIds } from './short-ids.ts'

const txid = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

test('short ids depend on transaction, header and nonce', () => {
  const header = new Uint8Array(80).fill(1)
  const ids = new ShortIds(header, 7n)
  assert.equal(ids.of(txid(1)), new ShortIds(header, 7n).of(txid(1)))
  assert.notEqual(ids.of(txid(1)), ids.of(txid(2)))
  assert.notEqual(ids.of(txid(1)), new ShortIds(header, 8n).of(txid(1)))
  assert.notEqual(ids.of(txid(1)), new ShortIds(header.fill(2), 7n).of(txid(1)))
})

test('short ids come back from their bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2 ** 48 - 1)), (ids) => {
      const bytes = encodeShortIds(ids)
      assert.equal(bytes.length, ids.length * SHORT_ID_BYTES)
      assert.deepEqual(decodeShortIds(bytes), ids)
    }),
  )
  // Little-endian.
  assert.deepEqual([...encodeShortIds([0x060504030201])], [1, 2, 3, 4, 5, 6])
})

test('half a short id is none', () => {
  assert.throws(
    () => decodeShortIds(new Uint8Array(7)),
    (error) => error instanceof CodecError && error.code === 'BAD_LENGTH' && error.score > 0,
  )
})
