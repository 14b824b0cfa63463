import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeUndo, encodeUndo } from './undo-data.ts'

test('what a block spent comes back as it was', () => {
  const coin = fc.record({
    outpoint: fc.uint8Array({ minLength: 36, maxLength: 36 }),
    value: fc.bigInt({ min: 0n, max: 10n ** 16n }),
    scriptPubKey: fc.uint8Array({ maxLength: 200 }),
    height: fc.nat(0x7fffffff),
    coinbase: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(coin, { maxLength: 20 }), (spent) => {
      assert.deepEqual(
        decodeUndo(encodeUndo(spent)).map((one) => ({ ...one })),
        spent.map((one) => ({ ...one })),
      )
    }),
  )
})
