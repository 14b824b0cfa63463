import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { exactMatch } from './exact-match.ts'

/** Every sum there is, the slow way. */
function leastExcess(values: readonly bigint[], target: bigint, slack: bigint): bigint | undefined {
  let best: bigint | undefined
  for (let mask = 1; mask < 2 ** values.length; mask++) {
    const sum = values.reduce((total, value, i) => ((mask >> i) & 1 ? total + value : total), 0n)
    const excess = sum - target
    if (excess >= 0n && excess <= slack && (best === undefined || excess < best)) best = excess
  }
  return best
}

test('what is found is the best there is, as trying every choice shows', () => {
  const values = fc.array(fc.bigInt({ min: 1n, max: 60n }), { maxLength: 11 })
  fc.assert(
    fc.property(values, fc.bigInt({ min: 1n, max: 200n }), fc.bigInt({ min: 0n, max: 9n }), (list, target, slack) => {
      const falling = list.toSorted((a, b) => Number(b - a))
      const places = exactMatch(falling, target, slack)
      const sum = places?.reduce((total, place) => total + (falling[place] ?? 0n), 0n)
      assert.equal(sum === undefined ? undefined : sum - target, leastExcess(falling, target, slack))
      assert.equal(new Set(places).size, places?.length ?? 0)
    }),
    { numRuns: 300 },
  )
})

test('a search without hope ends', () => {
  // Even numbers never make an odd sum, and there are 2^60 ways to try.
  const values = Array.from({ length: 60 }, (_, i) => BigInt(2 * (100_000 - i)))
  assert.equal(exactMatch(values, 3_000_001n, 0n), undefined)
})
