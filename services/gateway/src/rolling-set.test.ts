import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RollingSet } from './rolling-set.ts'

test('at least half of its size is remembered, and never more than all of it', () => {
  const set = new RollingSet<number>(10)
  for (let i = 0; i < 100; i++) {
    set.add(i)
    for (let back = 0; back < Math.min(5, i + 1); back++) assert.ok(set.has(i - back))
    const held = Array.from({ length: i + 1 }, (_, n) => n).filter((n) => set.has(n))
    assert.ok(held.length <= 10)
  }
  assert.equal(set.has(0), false)
})
