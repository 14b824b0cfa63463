import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { isCoded } from '@camelid/errors'
import { startTestNats, type TestNats } from '@camelid/local/testing'
import { type Bus, connectBus } from './connect-bus.ts'
import { collector, quietLog, text, utf8 } from './testing.ts'

const MODEL = 'b'.repeat(64)
let nats: TestNats
let bus: Bus
let done: AbortController

beforeEach(async () => {
  done = new AbortController()
  nats = await startTestNats()
  bus = await connectBus({
    url: nats.url,
    network: 'local',
    node: 'outage',
    name: 'test',
    log: quietLog,
    signal: done.signal,
  })
})
afterEach(async () => {
  done.abort()
  await bus.close()
  await nats.stop()
})

/** Publishes as an outbox does: again with the same id until it is confirmed. */
async function publishUntilHeld(subject: string, value: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await bus.publish(subject, utf8(value), { id: `${subject} ${value}` })
      return
    } catch (error) {
      if (!(isCoded(error) && error.code === 'BUS_UNAVAILABLE') || tries > 20) throw error
    }
  }
}

test('a killed server that comes back with its disk loses nothing and repeats nothing', async () => {
  const events = collector<string>()
  const work = collector<string>()
  void bus.consume({ stream: 'JOBS', durable: 'reader', filter: ['job.>'], signal: done.signal }, async ({ data }) =>
    events.add(text(data)),
  )
  void bus.pullWork(
    { kind: 'work', modelSha256: MODEL, concurrency: 2, ackWaitMs: 5_000, signal: done.signal },
    async ({ data }) => work.add(text(data)),
  )
  await publishUntilHeld('job.1.created', 'before')
  await events.reached(1)
  await nats.kill()
  const during = publishUntilHeld('job.1.accepted', 'during')
  await nats.start()
  await during
  await publishUntilHeld('job.1.settled', 'after')
  await bus.enqueueWork('work', MODEL, 'w', utf8('work'))
  await events.reached(3)
  await work.reached(1)
  assert.deepEqual(events.items, ['before', 'during', 'after'])
  assert.deepEqual(work.items, ['work'])
})

test('after a server came back with an empty disk, streams and readers are put back', async () => {
  const events = collector<string>()
  const work = collector<string>()
  void bus.consume({ stream: 'JOBS', durable: 'reader', filter: ['job.>'], signal: done.signal }, async ({ data }) =>
    events.add(text(data)),
  )
  void bus.pullWork(
    { kind: 'work', modelSha256: MODEL, concurrency: 1, ackWaitMs: 5_000, signal: done.signal },
    async ({ data }) => work.add(text(data)),
  )
  await publishUntilHeld('job.1.created', 'before')
  await events.reached(1)
  await nats.kill()
  await nats.start({ wiped: true })
  await publishUntilHeld('job.1.settled', 'after')
  await publishUntilHeld(`work.${MODEL}`, 'work')
  await events.reached(2)
  await work.reached(1)
  assert.deepEqual([events.items, work.items], [['before', 'after'], ['work']])
})

test('publishing to a server that is gone fails by name and in time, and stopping does not hang', async () => {
  await nats.kill()
  await assert.rejects(
    bus.publish('job.1.created', utf8('x'), { id: 'x' }),
    (error) => isCoded(error) && error.code === 'BUS_UNAVAILABLE',
  )
  await bus.close()
})

test('connecting waits for a server that is not there yet, and gives up when told to', async () => {
  await nats.kill()
  const stop = new AbortController()
  const connecting = connectBus({
    url: nats.url,
    network: 'local',
    node: 'late',
    name: 'test',
    log: quietLog,
    signal: stop.signal,
  })
  await nats.start()
  await (await connecting).close()
  await nats.kill()
  const never = connectBus({
    url: nats.url,
    network: 'local',
    node: 'late',
    name: 'test',
    log: quietLog,
    signal: stop.signal,
  })
  stop.abort(new Error('enough'))
  await assert.rejects(never, /enough/)
})
