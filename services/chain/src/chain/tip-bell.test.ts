import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { type Ring, TipBell } from './tip-bell.ts'

test('a new tip is told at once, changes of the mempool together, and the rarer the longer templates take', () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const bell = new TipBell()
  const rings: Ring[] = []
  const unfollow = bell.follow((ring) => rings.push(ring))
  bell.templateChanged()
  bell.templateChanged()
  mock.timers.tick(249)
  assert.deepEqual(rings, [])
  mock.timers.tick(1)
  assert.deepEqual(rings, ['template'])
  bell.templateTook(100)
  bell.templateChanged()
  mock.timers.tick(1_999)
  assert.equal(rings.length, 1)
  mock.timers.tick(1)
  assert.deepEqual(rings, ['template', 'template'])
  // The new tip speaks for the mempool too.
  bell.templateChanged()
  bell.tipChanged()
  mock.timers.tick(10_000)
  assert.deepEqual(rings, ['template', 'template', 'tip'])
  bell.templateTook(1)
  bell.templateChanged()
  mock.timers.tick(250)
  assert.equal(rings.length, 4)
  unfollow()
  bell.tipChanged()
  assert.equal(rings.length, 4)
  mock.timers.reset()
})
