import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { BatchGate } from './batch-gate.ts'

test('steps are taken together, and whoever leaves holds up nobody', async () => {
  const gate = new BatchGate()
  const steps: string[] = []
  const run = async (name: string, count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await gate.step()
      steps.push(name)
      // Some are slower than others.
      for (let n = 0; n < name.charCodeAt(0) % 5; n++) await turn()
    }
    gate.leave()
  }
  for (let i = 0; i < 3; i++) gate.join()
  await Promise.all([run('a', 2), run('b', 3), run('c', 4)])
  assert.deepEqual(
    [steps.slice(0, 3), steps.slice(3, 6), steps.slice(6, 8), steps.slice(8)].map((step) => step.toSorted().join('')),
    ['abc', 'abc', 'bc', 'c'],
  )
})
