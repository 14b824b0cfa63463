import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { highest } from './highest.ts'
import { LogitRow } from './logit-row.ts'

const ranked = (logits: Float32Array): number[] =>
  [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b)

/** With many ties, zeros of both signs, and far apart. */
const logit = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-0, 0, -1e30, 1e30),
  fc.double({ min: -20, max: 20, noNaN: true }),
)
const row = fc
  .oneof(fc.array(logit, { minLength: 1, maxLength: 40 }), fc.array(logit, { minLength: 300, maxLength: 1500 }))
  .map((numbers) => Float32Array.from(numbers))

test('the highest logits come by falling logit, equal ones by rising id, however many are asked for', () => {
  fc.assert(
    fc.property(row, fc.integer({ min: 1, max: 1600 }), (logits, count) => {
      assert.deepEqual(highest(logits, count), ranked(logits).slice(0, count))
    }),
    { numRuns: 1000 },
  )
})

test('what is asked is listed, in order, and nothing that is not listed is above the floor', () => {
  const ask = fc.record({
    top: fc.integer({ min: 1, max: 60 }),
    tokens: fc.array(fc.nat(1499), { maxLength: 20 }),
    from: fc.option(fc.double({ min: -25, max: 25, noNaN: true }), { nil: undefined }),
  })
  fc.assert(
    fc.property(row, fc.array(ask, { minLength: 1, maxLength: 4 }), (logits, asks) => {
      const listing = new LogitRow(logits)
      for (const { top: wanted, tokens: some, from } of asks) {
        const tokens = some.filter((id) => id < logits.length)
        const top = Math.min(wanted, logits.length)
        const answer = listing.list({ top, tokens, ...(from !== undefined && { from }) })
        const reaching = from === undefined ? [] : ranked(logits).filter((id) => (logits[id] ?? 0) >= from)
        const expected = new Set([...ranked(logits).slice(0, top), ...reaching, ...tokens])
        assert.deepEqual(
          answer.ids,
          ranked(logits).filter((id) => expected.has(id)),
        )
        assert.deepEqual(
          answer.logits.map((value) => value + 0),
          answer.ids.map((id) => (logits[id] ?? 0) + 0),
        )
        assert.ok([...logits.keys()].every((id) => expected.has(id) || (logits[id] ?? 0) <= answer.floor))
      }
    }),
    { numRuns: 500 },
  )
})

test('a logit that is no number, among those listed, is refused by name', () => {
  const logits = Float32Array.from({ length: 50 }, (_, id) => (id % 2 === 0 ? Number.NaN : id))
  assert.deepEqual(highest(logits, 3), [49, 47, 45])
  assert.equal(new LogitRow(logits).list({ top: 4, tokens: [] }).ids.length, 4)
  assert.throws(() => new LogitRow(logits).list({ top: 4, tokens: [2] }), { code: 'BAD_LOGITS' })
  assert.throws(() => new LogitRow(logits).list({ top: 40, tokens: [] }), { code: 'BAD_LOGITS' })
})
