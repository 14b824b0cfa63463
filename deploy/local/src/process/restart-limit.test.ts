import assert from 'node:assert/strict'
import { test } from 'node:test'
import { restartLimit } from './restart-limit.ts'

test('five restarts a minute are granted, not more, and later ones again', () => {
  let now = 0
  const mayRestart = restartLimit(() => now)
  for (let i = 0; i < 5; i++) {
    assert.ok(mayRestart())
    now += 1_000
  }
  assert.ok(!mayRestart())
  now += 60_000
  assert.ok(mayRestart())
})
