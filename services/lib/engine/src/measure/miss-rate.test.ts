import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cheatModel, FINE_QUANTISATION } from '@camelid/rastic'
import { leastPositions, missRateBound } from './miss-rate.ts'

test('a profile over the least positions lets the sequential test look for a fine quantisation, one over 5 % fewer does not', () => {
  for (const tailScale of [0.0005, 0.01, 0.02, 0.04, 0.05]) {
    const least = leastPositions(tailScale)
    const modelOver = (positions: number) =>
      cheatModel({ tau: 0.05, tailScale, missRate: missRateBound(positions, 0) }, FINE_QUANTISATION)
    assert.ok(modelOver(least), `${tailScale}`)
    assert.throws(() => modelOver(Math.floor(least * 0.95)), { code: 'BAD_PARAMETER' }, `${tailScale}`)
  }
})

test('the least positions at some tails, and no fewer where the tail is wider than that of the cheat', () => {
  assert.deepEqual([0.02, 0.05, 0.4].map(leastPositions), [22_466, 8_810, 8_810])
})
