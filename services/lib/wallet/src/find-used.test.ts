import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findUsed, GAP_LIMIT } from './find-used.ts'

test('every used address is found whose gap to the one before is below the limit, and no more than that is asked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 30 }), async (gaps) => {
      let at = -1
      const used = gaps.map((gap) => (at += gap))
      const stop = gaps.findIndex((gap) => gap > GAP_LIMIT)
      const reachable = stop < 0 ? used : used.slice(0, stop)
      const asked = new Set<number>()
      const found = await findUsed({
        areUsed: async (first, count) => {
          const indices = Array.from({ length: count }, (_, i) => first + i)
          for (const index of indices) {
            assert.ok(!asked.has(index), 'asked twice')
            asked.add(index)
          }
          return indices.map((index) => used.includes(index))
        },
      })
      assert.deepEqual(found, reachable)
      assert.equal(asked.size, (reachable.at(-1) ?? -1) + 1 + GAP_LIMIT)
    }),
  )
})

test('one who calls everything used is not asked for ever', async () => {
  const found = await findUsed({ areUsed: async (_, count) => new Array<boolean>(count).fill(true) })
  assert.equal(found.length, 100_000)
})
