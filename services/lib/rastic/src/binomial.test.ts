import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { binomialLowerTail, binomialUpperTail } from './binomial.ts'

const near = (actual: number, expected: number): void =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-10 * Math.max(expected, 1e-300) + 1e-15,
    `${actual}, expected ${expected}`,
  )

test('tails equal those counted by hand', () => {
  near(binomialUpperTail(2, 0.5, 1), 0.75)
  near(binomialUpperTail(10, 0.5, 10), 2 ** -10)
  near(binomialUpperTail(3, 0.1, 2), 3 * 0.01 * 0.9 + 0.001)
  near(binomialLowerTail(3, 0.1, 0), 0.729)
  assert.equal(binomialUpperTail(5, 0.3, 0), 1)
  assert.equal(binomialUpperTail(5, 0.3, 6), 0)
})

test('the far tail keeps its precision', () => {
  const p = 1e-4
  near(binomialUpperTail(160, p, 4), sum(160, p, 4))
  assert.ok(binomialUpperTail(160, 1e-9, 3) < 1e-20)
})

test('upper and lower tail make one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      fc.nat(),
      (n, p, k) => {
        const count = 1 + (k % n)
        assert.ok(Math.abs(binomialUpperTail(n, p, count) + binomialLowerTail(n, p, count - 1) - 1) < 1e-9)
      },
    ),
  )
})

function sum(n: number, p: number, from: number): number {
  let total = 0
  for (let k = from; k <= n; k++) {
    let ways = 1
    for (let i = 1; i <= k; i++) ways *= (n - k + i) / i
    total += ways * p ** k * (1 - p) ** (n - k)
  }
  return total
}
