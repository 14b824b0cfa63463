import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Turnstile } from './turnstile.ts'

test('a few are inside at once, the others follow in the order they came, also behind one that failed', async () => {
  const turnstile = new Turnstile(2)
  const gates = Array.from({ length: 6 }, () => Promise.withResolvers<void>())
  const entered: number[] = []
  const left = gates.map(({ promise }, i) =>
    turnstile.run(async () => {
      entered.push(i)
      await promise
    }),
  )
  await Promise.resolve()
  assert.deepEqual(entered, [0, 1])
  gates[1]?.reject(new Error('failed inside'))
  await assert.rejects(left[1] ?? assert.fail(), /failed inside/)
  assert.deepEqual(entered, [0, 1, 2])
  for (const gate of gates) gate.resolve()
  await Promise.allSettled(left)
  assert.deepEqual(entered, [0, 1, 2, 3, 4, 5])
  // All places are free again.
  await Promise.all([turnstile.run(async () => entered.push(6)), turnstile.run(async () => entered.push(7))])
  assert.equal(entered.length, 8)
})
