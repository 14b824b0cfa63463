import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyedLock } from './keyed-lock.ts'

test('work on one key runs one at a time, in the order of asking; other keys do not wait', async () => {
  const lock = new KeyedLock()
  const order: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = lock.run('a', async () => {
    await gate.promise
    order.push('first')
  })
  const second = lock.run('a', () => Promise.resolve(order.push('second')))
  await lock.run('b', () => Promise.resolve(order.push('other')))
  gate.resolve()
  await Promise.all([first, second])
  assert.deepEqual(order, ['other', 'first', 'second'])
})

test('a failure reaches its caller only, and frees the key', async () => {
  const lock = new KeyedLock()
  await assert.rejects(
    lock.run('a', () => Promise.reject(new Error('broken'))),
    /broken/,
  )
  assert.equal(await lock.run('a', () => Promise.resolve(1)), 1)
})
