import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requireNode } from './node-version.ts'

test('an old Node is told what to run', () => {
  assert.throws(() => requireNode('20.20.2'), /npm ci/)
  requireNode('24.0.0')
})
