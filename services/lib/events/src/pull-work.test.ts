import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestNats, type TestNats } from '@camelid/local/testing'
import { type Bus, connectBus } from './connect-bus.ts'
import { collector, quietLog, text, utf8 } from './testing.ts'

const MODEL = 'a'.repeat(64)
let nats: TestNats
const done = new AbortController()
const buses: Bus[] = []

before(async () => {
  nats = await startTestNats()
})
after(async () => {
  done.abort()
  await Promise.all(buses.map((bus) => bus.close()))
  await nats.stop()
})

async function open(node: string, name = 'test'): Promise<Bus> {
  const bus = await connectBus({ url: nats.url, network: 'local', node, name, log: quietLog, signal: done.signal })
  buses.push(bus)
  return bus
}

const pulling = (over: object = {}) =>
  ({ kind: 'work', modelSha256: MODEL, concurrency: 1, ackWaitMs: 30_000, signal: done.signal, ...over }) as const

test('each item is done once, spread over workers, never more at once than a worker has slots', async () => {
  const pool = await open('spread')
  const doneItems = collector<string>()
  const workers = await Promise.all([open('spread', 'w1'), open('spread', 'w2')])
  const busiest = [0, 0]
  for (const [index, worker] of workers.entries()) {
    let busy = 0
    void worker.pullWork(pulling({ concurrency: 2 }), async ({ data }) => {
      busiest[index] = Math.max(busiest[index] ?? 0, ++busy)
      await new Promise((resolve) => setTimeout(resolve, 10))
      busy--
      doneItems.add(text(data))
    })
  }
  const wanted = Array.from({ length: 40 }, (_, i) => `job ${i}`)
  await Promise.all(wanted.map((job, i) => pool.enqueueWork('work', MODEL, `id${i}`, utf8(job))))
  await doneItems.reached(40)
  assert.deepEqual(doneItems.items.toSorted(), wanted.toSorted())
  assert.deepEqual(busiest, [2, 2])
})

test('an item enqueued twice under one id is done once', async () => {
  const bus = await open('twice')
  assert.deepEqual(await bus.enqueueWork('work', MODEL, 'same', utf8('x')), { duplicate: false })
  assert.deepEqual(await bus.enqueueWork('work', MODEL, 'same', utf8('x')), { duplicate: true })
})

test('a worker that is cut off while working is replaced', async () => {
  const pool = await open('cut')
  const dying = await open('cut', 'dying')
  const started = collector<number>()
  // Its beats end with its connection, as they do when its process is killed.
  void dying.pullWork(pulling({ ackWaitMs: 1_000 }), async () => {
    started.add(1)
    await new Promise(() => undefined)
  })
  await pool.enqueueWork('work', MODEL, 'one', utf8('precious'))
  await started.reached(1)
  const seen = collector<string>()
  const healthy = await open('cut', 'healthy')
  void healthy.pullWork(pulling({ ackWaitMs: 1_000 }), async ({ data, deliveries }) =>
    seen.add(`${text(data)} ${deliveries}`),
  )
  await dying.close()
  await seen.reached(1)
  assert.deepEqual(seen.items, ['precious 2'])
})

test('beats keep an item that takes longer than the silence allowed', async () => {
  const bus = await open('beats')
  const seen = collector<string>()
  const work = async ({ data, deliveries }: { data: Uint8Array; deliveries: number }) => {
    seen.add(`${text(data)} ${deliveries}`)
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    seen.add('end')
  }
  void bus.pullWork(pulling({ ackWaitMs: 1_000, concurrency: 2 }), work)
  await bus.enqueueWork('work', MODEL, 'slow', utf8('slow'))
  await seen.reached(2)
  assert.deepEqual(seen.items, ['slow 1', 'end'])
})

test('an item handed back because its worker stops is taken up by another at once', async () => {
  const bus = await open('hand-back')
  const stop = new AbortController()
  const started = collector<number>()
  const stopping = bus.pullWork(pulling({ signal: stop.signal }), async () => {
    started.add(1)
    await new Promise((_, reject) => stop.signal.addEventListener('abort', () => reject(new Error('stopping'))))
  })
  await bus.enqueueWork('work', MODEL, 'one', utf8('one'))
  await started.reached(1)
  stop.abort()
  await stopping
  const seen = collector<number>()
  void bus.pullWork(pulling(), async ({ deliveries }) => seen.add(deliveries))
  await seen.reached(1)
  assert.deepEqual(seen.items, [2])
})

test('after three failures an item goes to the dead letters with its reason', async () => {
  const bus = await open('dead')
  const tries = collector<number>()
  void bus.pullWork(pulling({ kind: 'verify' }), async ({ deliveries }) => {
    tries.add(deliveries)
    throw new Error('the model is broken')
  })
  const dead = collector<string>()
  void bus.consume(
    { stream: 'DEAD', durable: 'pool', filter: ['dead.>'], signal: done.signal },
    async ({ subject, data, reason }) => dead.add(`${subject} ${text(data)} ${reason}`),
  )
  await bus.enqueueWork('verify', MODEL, 'bad', utf8('bad job'))
  await dead.reached(1)
  assert.deepEqual(tries.items, [1, 2, 3])
  assert.deepEqual(dead.items, [`dead.verify.${MODEL} bad job the model is broken`])
})
