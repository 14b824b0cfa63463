import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shareBatch } from './share-batch.ts'

test('all get what they want where there is room; else whoever wants much gives way to whoever wants little', () => {
  assert.deepEqual(shareBatch([3, 1, 2], 10), [3, 1, 2])
  assert.deepEqual(shareBatch([600, 1, 1, 1], 512), [509, 1, 1, 1])
  assert.deepEqual(shareBatch([400, 400], 512), [256, 256])
  assert.deepEqual(shareBatch([1, 1, 1], 2), [1, 1, 0])
})

test('no place is left over while somebody waits, and nobody gets more than asked for', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 }),
      fc.nat(600),
      (wanted, places) => {
        const shares = shareBatch(wanted, places)
        const total = wanted.reduce((sum, count) => sum + count, 0)
        assert.equal(
          shares.reduce((sum, count) => sum + count, 0),
          Math.min(total, places),
        )
        assert.ok(shares.every((share, i) => share >= 0 && share <= (wanted[i] ?? 0)))
      },
    ),
  )
})
