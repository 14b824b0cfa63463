import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckedPosition } from '@camelid/rastic'
import fc from 'fast-check'
import { notablePositions } from './notable-positions.ts'

const positions = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      fc.double({ min: 0, max: 5, noNaN: true }),
      fc.constant(Number.POSITIVE_INFINITY),
    ),
    { maxLength: 200 },
  )
  .map((margins) =>
    margins.map((margin, index): CheckedPosition => {
      const kind = margin === 0 ? 'match' : margin > 0.05 ? 'miss' : 'near-tie'
      return { index, claimed: 1, expected: margin === 0 ? 1 : 2, margin, kind }
    }),
  )

test('notable are the ends, the first miss with its neighbours, and the widest margins: few, in order', () => {
  fc.assert(
    fc.property(positions, (all) => {
      const notable = notablePositions(all)
      const shown = new Set(notable.map(({ index }) => index))
      assert.deepEqual(
        notable.map(({ index }) => index),
        [...shown].sort((a, b) => a - b),
      )
      assert.ok(notable.length <= 24 + 5)
      const firstMiss = all.findIndex(({ kind }) => kind === 'miss')
      const wanted = firstMiss < 0 ? [0, all.length - 1] : [0, firstMiss - 1, firstMiss, firstMiss + 1, all.length - 1]
      for (const index of wanted) if (index >= 0 && index < all.length) assert.ok(shown.has(index), `${index}`)
      const differing = all.filter(({ kind }) => kind !== 'match')
      const hidden = differing.filter(({ index }) => !shown.has(index))
      // At least 24 of those shown are as wide as the widest that is not.
      for (const { margin } of hidden)
        assert.ok(differing.filter((other) => shown.has(other.index) && other.margin >= margin).length >= 24)
    }),
  )
})
