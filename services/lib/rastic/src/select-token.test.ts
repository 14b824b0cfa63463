import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CandidateRequest, requestAll, requestCandidates } from './candidates.ts'
import { selectToken } from './select-token.ts'
import { allOf, answer, chooseByTheBook, logitsArbitrary, ruleArbitrary, settle } from './testing.ts'

const position = fc.integer({ min: 0, max: 600 })

test('with all logits the choice is that of the definition', () => {
  fc.assert(
    fc.property(logitsArbitrary, ruleArbitrary, position, (logits, rule, t) => {
      assert.equal(selectToken(allOf(logits), rule, t).found?.token, chooseByTheBook(logits, rule, t))
    }),
    { numRuns: 500 },
  )
})

test('with few logits, and those asked for then, the choice is the same', () => {
  let atOnce = 0
  fc.assert(
    fc.property(logitsArbitrary, ruleArbitrary, position, (logits, rule, t) => {
      const { found, asked } = settle(logits, requestCandidates(rule, logits.length), (answered) =>
        selectToken(answered, rule, t),
      )
      if (asked === 1) atOnce++
      assert.equal(found.token, chooseByTheBook(logits, rule, t))
    }),
    { numRuns: 1000 },
  )
  assert.ok(atOnce > 500, `only ${atOnce} of 1000 settled by the first answer`)
})

test('even three logits never give another choice, and lead to the same one', () => {
  const first: CandidateRequest = { top: 3, tokens: [0] }
  fc.assert(
    fc.property(logitsArbitrary, ruleArbitrary, position, (logits, rule, t) => {
      const expected = chooseByTheBook(logits, rule, t)
      const { found } = selectToken(answer(logits, first), rule, t)
      if (found !== undefined) assert.equal(found.token, expected)
      assert.equal(settle(logits, first, (answered) => selectToken(answered, rule, t)).found.token, expected)
    }),
    { numRuns: 1000 },
  )
})

test('ties go to the lowest id', () => {
  const greedy = { key: new Uint8Array(32), temperature: 0, topK: 0, topP: 1 }
  assert.equal(selectToken(allOf([1, 3, 2, 3, 3]), greedy, 0).found?.token, 1)
  assert.equal(requestAll(5).top, 5)
})

test('choices follow the softmax: a chi-square over 20,000 positions', () => {
  const logits = [2, 1, 0.5, 0, -1, -3]
  const rule = { key: new Uint8Array(32).fill(3), temperature: 0.8, topK: 0, topP: 1 }
  const weights = logits.map((logit) => Math.exp(logit / rule.temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const counts = logits.map(() => 0)
  const draws = 20_000
  for (let t = 0; t < draws; t++) {
    const token = selectToken(allOf(logits), rule, t).found?.token ?? -1
    counts[token] = (counts[token] ?? 0) + 1
  }
  const chiSquare = counts.reduce((sum, count, id) => {
    const expected = (draws * (weights[id] ?? 0)) / total
    return sum + (count - expected) ** 2 / expected
  }, 0)
  // 5 degrees of freedom: beyond 25.7 once in ten thousand; the noise is fixed, so this passes always or never.
  assert.ok(chiSquare < 25.7, `chi-square ${chiSquare}`)
})
