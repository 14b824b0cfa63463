import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChangeFeed } from './change-feed.ts'
import type { JobRecord } from './store/jobs.ts'

// The feed hands records on without looking into them.
const record = (hex: string) => ({ hex }) as JobRecord

test('a watcher gets every change from its first question on, and ends with its signal', async () => {
  const feed = new ChangeFeed()
  const abort = new AbortController()
  const seen: string[] = []
  const watching = (async () => {
    for await (const { hex } of feed.watch(abort.signal)) {
      seen.push(hex)
      if (hex === 'c') abort.abort()
    }
  })()
  await new Promise(setImmediate)
  for (const hex of ['a', 'b', 'c']) feed.publish(record(hex))
  await watching
  assert.deepEqual(seen, ['a', 'b', 'c'])
})

test('a watcher that falls behind by over a thousand changes is cut off', async () => {
  const feed = new ChangeFeed()
  const watcher = feed.watch(new AbortController().signal)
  const first = watcher.next()
  await new Promise(setImmediate)
  for (let n = 0; n < 1_100; n += 1) feed.publish(record(String(n)))
  assert.equal((await first).done, true)
})
