import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LEAST_DIFFICULTY, MOST_DIFFICULTY, tidy, Vardiff } from './vardiff.ts'

test('a steady machine comes to a share every 5 to 20 seconds, wherever it began', () => {
  const exponents = fc.integer({ min: -14, max: 50 })
  fc.assert(
    fc.property(exponents, exponents, (start, speed) => {
      // Difficulty per second that the machine works through.
      const rate = 2 ** speed
      let difficulty = 2 ** start
      let now = 0
      const vardiff = new Vardiff(now)
      for (let i = 0; i < 6_000; i++) {
        const next = Math.min(difficulty / rate, 1) * 1_000
        now += next
        const found = difficulty / rate <= 1 || i % Math.ceil(difficulty / rate) === 0
        difficulty = found ? vardiff.onShare(difficulty, now) : vardiff.onTick(difficulty, now)
      }
      const seconds = difficulty / rate
      assert.ok(seconds >= 4 || difficulty === MOST_DIFFICULTY, `a share every ${seconds} s`)
      assert.ok(seconds <= 30 || difficulty === LEAST_DIFFICULTY, `a share every ${seconds} s`)
    }),
    { numRuns: 30 },
  )
})

test('a machine that is far too fast is slowed down within 20 shares', () => {
  const vardiff = new Vardiff(0)
  let difficulty = LEAST_DIFFICULTY
  for (let i = 1; i <= 20; i++) difficulty = vardiff.onShare(difficulty, i * 5)
  assert.ok(difficulty >= 1_000 * LEAST_DIFFICULTY, `${difficulty}`)
})

test('difficulties are powers of two within what makes sense', () => {
  assert.equal(tidy(300), 256)
  assert.equal(tidy(1e-30), LEAST_DIFFICULTY)
  assert.equal(tidy(1e30), MOST_DIFFICULTY)
})
