import assert from 'node:assert/strict'
import { totalmem } from 'node:os'
import { test } from 'node:test'
import { machineMemory } from './machine-memory.ts'

test('the memory is a number of bytes that the machine has', () => {
  assert.ok(machineMemory() > 100 * 2 ** 20 && machineMemory() <= totalmem())
})
