import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { rowsOf } from './rows-of.ts'

const together = (least: number) => ({ kind: 'together', least }) as const

test('groups that are too small grow by their neighbours, and only those', () => {
  assert.deepEqual(rowsOf([0, 1, 2], together(1), 4), [0, 1, 2])
  assert.deepEqual(rowsOf([0, 2, 5], together(1), 8), [0, 2, 5])
  assert.deepEqual(rowsOf([0, 1], together(2), 8), [0, 1])
  assert.deepEqual(rowsOf([3], together(2), 4), [2, 3])
  assert.deepEqual(rowsOf([0, 2, 6], together(2), 8), [0, 1, 2, 6, 7])
  assert.deepEqual(rowsOf([4], together(8), 8), [0, 1, 2, 3, 4, 5, 6, 7])
  assert.deepEqual(rowsOf([], together(2), 8), [])
})

test('those that are computed apart never follow one another', () => {
  assert.deepEqual(rowsOf([0, 2, 1, 5], { kind: 'apart', batched: true }, 8), [5, 2, 1, 0])
})

test('whoever waits is in, in a group that is large enough, with no more neighbours than it takes', () => {
  const some = fc
    .integer({ min: 1, max: 24 })
    .chain((sequences) =>
      fc.tuple(
        fc.subarray([...new Array(sequences).keys()]),
        fc.integer({ min: 1, max: sequences }),
        fc.constant(sequences),
      ),
    )
  fc.assert(
    fc.property(some, ([stepping, least, sequences]) => {
      const rows = rowsOf(stepping, together(least), sequences)
      assert.ok(stepping.every((number) => rows.includes(number)))
      assert.ok(rows.every((number) => number >= 0 && number < sequences))
      const groups = groupsOf(rows)
      for (const group of groups) assert.ok(group.length >= least, group.join())
      assert.ok(rows.length - stepping.length <= (least - 1) * groupsOf(stepping).length)
    }),
    { numRuns: 1000 },
  )
})

function groupsOf(rows: readonly number[]): number[][] {
  const groups: number[][] = []
  for (const number of rows) {
    const last = groups.at(-1)
    if (last?.at(-1) === number - 1) last.push(number)
    else groups.push([number])
  }
  return groups
}
