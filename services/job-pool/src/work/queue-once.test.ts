import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QueueOnce } from './queue-once.ts'

test('work is put on its queue until the queue takes it, then no more, each attempt by itself', async () => {
  const queue = new QueueOnce()
  const put: string[] = []
  const enqueue = (key: string) => () => {
    put.push(key)
    return put.length === 1 ? Promise.reject(new Error('NATS is away')) : Promise.resolve()
  }
  await assert.rejects(queue.put('job', 'verify-1', enqueue('verify-1')), /away/)
  await queue.put('job', 'verify-1', enqueue('verify-1'))
  await queue.put('job', 'verify-1', enqueue('verify-1'))
  assert.deepEqual(put, ['verify-1', 'verify-1'])
  await queue.put('job', 'verify-2', enqueue('verify-2'))
  await queue.put('other', 'verify-1', enqueue('other'))
  assert.deepEqual(put.slice(2), ['verify-2', 'other'])
  queue.forget('job')
  await queue.put('job', 'verify-1', enqueue('again'))
  assert.equal(put.at(-1), 'again')
})
