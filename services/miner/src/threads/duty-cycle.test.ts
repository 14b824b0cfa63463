import assert from 'node:assert/strict'
import { test } from 'node:test'
import { restMs } from './duty-cycle.ts'

test('a slice is followed by the rest that its share of the core asks for, less what the system took already', () => {
  assert.equal(restMs(0.1, 10, 10), 90)
  assert.equal(restMs(0.5, 10, 10), 10)
  assert.equal(restMs(1, 10, 10), 0)
  assert.equal(restMs(0.1, 10, 60), 40)
  assert.equal(restMs(0.1, 10, 500), 0)
})
