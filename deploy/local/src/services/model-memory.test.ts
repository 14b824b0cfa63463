import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modelMemoryMb } from './model-memory.ts'

test('all that hold models in the largest testnet together take half of the machine at most', () => {
  for (const gib of [0.5, 4, 64]) {
    const each = modelMemoryMb(gib * 2 ** 30)
    assert.ok(5 * each <= gib * 512 && 5 * (each + 1) > gib * 512, `${gib} GiB: ${each} MiB`)
  }
  assert.equal(modelMemoryMb(1), 1)
})
