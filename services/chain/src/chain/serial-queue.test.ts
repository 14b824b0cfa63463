import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SerialQueue } from './serial-queue.ts'

test('tasks run one at a time in their order, a failed one does not stop the next, and too many are refused', async () => {
  const queue = new SerialQueue(3)
  const log: string[] = []
  const task = (name: string) => async () => {
    log.push(`${name} begins`)
    await Promise.resolve()
    log.push(`${name} ends`)
    if (name === 'b') throw new Error('b failed')
  }
  const results = ['a', 'b', 'c'].map((name) => queue.run(task(name)))
  await assert.rejects(queue.run(task('d')), /try again later/)
  assert.deepEqual(
    (await Promise.allSettled(results)).map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  await queue.idle()
  assert.equal(queue.waiting, 0)
})
