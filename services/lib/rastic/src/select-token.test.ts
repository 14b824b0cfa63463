import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { requestAll, requestCandidates } from './candidates.ts'
import { selectToken } from './select-token.ts'
import { allOf, answer, chooseByTheBook, logitsArbitrary, ruleArbitrary } from './testing.ts'

const position = fc.integer({ min: 0, max: 600 })

test('with all logits the choice is that of the definition', () => {
  fc.assert(
    fc.property(logitsArbitrary, ruleArbitrary, position, (logits, rule, t) => {
      assert.equal(selectToken(allOf(logits), rule, t)?.token, chooseByTheBook(logits, rule, t))
    }),
    { numRuns: 500 },
  )
})

test('with few logits the choice is the same, or left open', () => {
  let settled = 0
  fc.assert(
    fc.property(logitsArbitrary, ruleArbitrary, position, (logits, rule, t) => {
      const request = requestCandidates(rule, t, logits.length)
      const choice = selectToken(answer(logits, request), rule, t, request.noiseCap)
      if (choice === undefined) return
      settled++
      assert.equal(choice.token, chooseByTheBook(logits, rule, t))
    }),
    { numRuns: 1000 },
  )
  assert.ok(settled > 500, `only ${settled} of 1000 settled`)
})

test('even three logits never give another choice', () => {
  fc.assert(
    fc.property(logitsArbitrary, ruleArbitrary, position, (logits, rule, t) => {
      const choice = selectToken(answer(logits, { top: 3, tokens: [0] }), rule, t)
      if (choice !== undefined) assert.equal(choice.token, chooseByTheBook(logits, rule, t))
    }),
    { numRuns: 1000 },
  )
})

test('ties go to the lowest id', () => {
  const greedy = { key: new Uint8Array(32), temperature: 0, topK: 0, topP: 1 }
  assert.equal(selectToken(allOf([1, 3, 2, 3, 3]), greedy, 0)?.token, 1)
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
    const token = selectToken(allOf(logits), rule, t)?.token ?? -1
    counts[token] = (counts[token] ?? 0) + 1
  }
  const chiSquare = counts.reduce((sum, count, id) => {
    const expected = (draws * (weights[id] ?? 0)) / total
    return sum + (count - expected) ** 2 / expected
  }, 0)
  // 5 degrees of freedom: beyond 25.7 once in ten thousand; the noise is fixed, so this passes always or never.
  assert.ok(chiSquare < 25.7, `chi-square ${chiSquare}`)
})
