import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertOneEncoding } from '@camelid/codec/testing/hostile'
import fc from 'fast-check'
import { decodeUndo, encodeUndo } from './undo-data.ts'

const coin = fc.record({
  outpoint: fc.uint8Array({ minLength: 36, maxLength: 36 }),
  value: fc.bigInt({ min: 0n, max: 10n ** 16n }),
  scriptPubKey: fc.uint8Array({ maxLength: 200 }),
  height: fc.nat(0x7fffffff),
  coinbase: fc.boolean(),
})

test('what a block spent comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(coin, { maxLength: 20 }), (spent) => {
      assert.deepEqual(
        decodeUndo(encodeUndo(spent)).map((one) => ({ ...one })),
        spent.map((one) => ({ ...one })),
      )
    }),
  )
})

test('damaged undo data is refused by name, or is what would be written', () => {
  const value = fc.array(coin, { maxLength: 20 }).map((spent) => spent.map((one) => ({ ...one })))
  assertOneEncoding({ value, encode: encodeUndo, decode: decodeUndo })
})
