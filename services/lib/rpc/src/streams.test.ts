import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { writeAll } from './streams.ts'

/** Takes everything, a little later each time. */
const sink = () => new Writable({ objectMode: true, highWaterMark: 1, write: (_, __, done) => setImmediate(done) })

test('a stream holds on to nothing that it has sent, however long it lasts', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const sent: WeakRef<object>[] = []
  const source = async function* () {
    for (let i = 0; i < 200; i++) {
      const message = { payload: new Uint8Array(1_000) }
      sent.push(new WeakRef(message))
      yield message
    }
    // References are let go of at the end of a turn of the event loop.
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
    collect()
    const held = sent.filter((message) => message.deref() !== undefined).length
    assert.ok(held <= 2, `${held} of ${sent.length} messages are held`)
  }
  await writeAll(sink(), source(), new AbortController().signal)
  assert.equal(sent.length, 200)
})

test('an abort ends it though the source never answers, and the source is told to stop', async () => {
  const stop = new AbortController()
  const stopped = Promise.withResolvers<void>()
  const source: AsyncIterable<object> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => undefined),
      return: async () => {
        stopped.resolve()
        return { done: true, value: undefined }
      },
    }),
  }
  const writing = writeAll(sink(), source, stop.signal)
  stop.abort()
  await Promise.all([writing, stopped.promise])
})

test('a source that fails fails the stream', async () => {
  const source = async function* () {
    yield {}
    throw new Error('broken source')
  }
  await assert.rejects(writeAll(sink(), source(), new AbortController().signal), /broken source/)
})
