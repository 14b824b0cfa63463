import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { requestCandidates } from './candidates.ts'
import { marginOf } from './margin.ts'
import {
  allOf,
  allowedByTheBook,
  chooseByTheBook,
  logitsArbitrary,
  ruleArbitrary,
  scoreByTheBook,
  settle,
} from './testing.ts'

const position = fc.integer({ min: 0, max: 600 })

test('without filters the margin is the difference of scores', () => {
  fc.assert(
    fc.property(logitsArbitrary, ruleArbitrary, position, fc.nat(), (logits, some, t, n) => {
      const rule = { ...some, topK: 0, topP: 1 }
      const claimed = n % logits.length
      const best = chooseByTheBook(logits, rule, t)
      const { found } = marginOf(allOf(logits), rule, t, claimed)
      assert.equal(found?.expected, best)
      assert.equal(found?.margin, scoreByTheBook(logits, rule, t, best) - scoreByTheBook(logits, rule, t, claimed))
    }),
  )
})

test("F's own choice has margin 0, every other one the same as with all logits", () => {
  fc.assert(
    fc.property(logitsArbitrary, ruleArbitrary, position, fc.nat(), (logits, rule, t, n) => {
      const claimed = n % logits.length
      const full = marginOf(allOf(logits), rule, t, claimed).found
      assert.ok(full !== undefined && full.margin >= 0)
      assert.equal(full.expected, chooseByTheBook(logits, rule, t))
      if (full.expected === claimed) assert.equal(full.margin, 0)
      const few = settle(logits, requestCandidates(rule, logits.length), (answered) =>
        marginOf(answered, rule, t, claimed),
      )
      assert.deepEqual(few.found, full)
    }),
    { numRuns: 1000 },
  )
})

test('what an honest node with slightly other logits chooses has a margin of no more than that shift', () => {
  // Each logit moves by at most half the shift, so a difference of two by at most the whole.
  const shift = 0.2
  const moves = fc.array(
    fc.integer({ min: -100, max: 100 }).map((part) => (part / 200) * shift),
    { minLength: 150, maxLength: 150 },
  )
  fc.assert(
    fc.property(logitsArbitrary, moves, ruleArbitrary, position, (logits, moved, rule, t) => {
      const theirs = logits.map((logit, id) => logit + (moved[id] ?? 0))
      const claimed = chooseByTheBook(theirs, rule, t)
      const { found } = marginOf(allOf(logits), rule, t, claimed)
      assert.ok(found !== undefined && found.margin <= shift + 1e-9, `margin ${found?.margin}`)
    }),
    { numRuns: 20_000 },
  )
})

test('a token that no small shift lets past a filter has a wide margin', () => {
  const rule = { key: new Uint8Array(32).fill(1), temperature: 1, topK: 2, topP: 1 }
  const logits = [9, 8, 1, 0]
  assert.deepEqual(allowedByTheBook(logits, rule), [0, 1])
  assert.ok((marginOf(allOf(logits), rule, 0, 2).found?.margin ?? 0) >= 7)
  // Just past the border it depends on its score alone.
  assert.ok((marginOf(allOf([9, 8, 7.999, 0]), rule, 7, 2).found?.margin ?? 0) < 9)
})

test('a top-p of 0 keeps the likeliest token, and nothing puts it out but another one as likely', () => {
  const rule = { key: new Uint8Array(32).fill(1), temperature: 1, topK: 0, topP: 0 }
  assert.deepEqual(marginOf(allOf([9, 8, 1, 0]), rule, 0, 0).found, { expected: 0, margin: 0 })
  for (const claimed of [1, 2, 3]) {
    const logits = [9, 8, 1, 0]
    assert.equal(marginOf(allOf(logits), rule, 0, claimed).found?.margin, 9 - (logits[claimed] ?? 0))
  }
})

test('a flat model, a high temperature and a wide top-p do not keep a verifier busy', { timeout: 60_000 }, () => {
  // Compared pair by pair, each of these would take seconds.
  const logits = Array.from({ length: 32_000 }, (_, id) => Math.sin(id))
  const rule = { key: new Uint8Array(32).fill(7), temperature: 5, topK: 0, topP: 0.999 }
  const all = allOf(logits)
  for (let position = 0; position < 20; position++) {
    const { found } = marginOf(all, rule, position, 31_000 + position)
    assert.ok(found !== undefined && found.margin > 0)
  }
})
