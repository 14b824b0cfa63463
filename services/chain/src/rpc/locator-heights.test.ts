import assert from 'node:assert/strict'
import { test } from 'node:test'
import { locatorHeights } from './locator-heights.ts'

test('a locator starts at the tip, ends at genesis, and grows with the logarithm of the height', () => {
  assert.deepEqual(locatorHeights(0), [0])
  assert.deepEqual(locatorHeights(3), [3, 2, 1, 0])
  const heights = locatorHeights(1_000_000)
  assert.equal(heights[0], 1_000_000)
  assert.equal(heights.at(-1), 0)
  assert.ok(heights.length < 35)
  assert.deepEqual(
    [...heights].sort((a, b) => b - a),
    heights,
  )
  assert.equal(new Set(heights).size, heights.length)
})
