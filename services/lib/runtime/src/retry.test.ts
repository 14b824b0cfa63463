import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retry } from './retry.ts'
import { sleep } from './sleep.ts'

const log = { warn: () => undefined }
const never = new AbortController().signal

test('it tries until it succeeds', async () => {
  const result = await retry(async (tries) => (tries < 4 ? Promise.reject(new Error('not yet')) : tries), {
    signal: never,
    log,
    what: 'luck',
    delayMs: 1,
  })
  assert.equal(result, 4)
})

test('it gives up with the last error after its tries, its time, or at what cannot be mended', async () => {
  let tries = 0
  const fail = async () => Promise.reject(new Error(`try ${++tries}`))
  await assert.rejects(retry(fail, { signal: never, log, what: 'x', attempts: 3, delayMs: 1 }), /try 3/)
  await assert.rejects(retry(fail, { signal: never, log, what: 'x', deadlineMs: 0 }), /try 4/)
  await assert.rejects(retry(fail, { signal: never, log, what: 'x', retryable: () => false }), /try 5/)
})

test('an abort ends the wait with its reason', async () => {
  const stop = new AbortController()
  const waiting = retry(async () => Promise.reject(new Error('no')), {
    signal: stop.signal,
    log,
    what: 'x',
    delayMs: 60_000,
  })
  setTimeout(() => stop.abort(new Error('stopping')), 10)
  await assert.rejects(waiting, /stopping/)
  await assert.rejects(sleep(60_000, stop.signal), /stopping/)
})
