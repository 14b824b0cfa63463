import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isCoded } from '@camelid/errors'
import { startTestNats, type TestNats } from '@camelid/local/testing'
import { type Bus, connectBus } from './connect-bus.ts'
import { collector, quietLog, text, utf8 } from './testing.ts'

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

async function open(node: string): Promise<Bus> {
  const bus = await connectBus({
    url: nats.url,
    network: 'local',
    node,
    name: 'test',
    log: quietLog,
    signal: done.signal,
  })
  buses.push(bus)
  return bus
}

test('events arrive in order, once for each id, and only those asked for', async () => {
  const bus = await open('order')
  const seen = collector<string>()
  void bus.consume(
    { stream: 'CHAIN', durable: 'reader', filter: ['chain.block.*'], signal: done.signal },
    async ({ subject, data }) => seen.add(`${subject} ${text(data)}`),
  )
  assert.deepEqual(await bus.publish('chain.block.connected', utf8('1'), { id: 'a' }), { duplicate: false })
  assert.deepEqual(await bus.publish('chain.block.connected', utf8('1'), { id: 'a' }), { duplicate: true })
  await bus.publish('chain.tx.accepted', utf8('t'), { id: 'b' })
  for (let i = 2; i <= 20; i++) await bus.publish('chain.block.connected', utf8(String(i)), { id: `block ${i}` })
  await seen.reached(20)
  assert.deepEqual(
    seen.items,
    Array.from({ length: 20 }, (_, i) => `chain.block.connected ${i + 1}`),
  )
})

test('several filters work on servers that know only one', async () => {
  const bus = await open('filters')
  const seen = collector<string>()
  void bus.consume(
    { stream: 'CHAIN', durable: 'two', filter: ['chain.block.connected', 'chain.tx.dropped'], signal: done.signal },
    async ({ subject }) => seen.add(subject),
  )
  for (const subject of ['chain.block.connected', 'chain.block.disconnected', 'chain.tx.accepted', 'chain.tx.dropped'])
    await bus.publish(subject, utf8(''), { id: subject })
  await seen.reached(2)
  assert.deepEqual(seen.items, ['chain.block.connected', 'chain.tx.dropped'])
})

test('an event whose handler fails is repeated before the next one', async () => {
  const bus = await open('failing')
  const seen = collector<string>()
  let failures = 2
  void bus.consume(
    { stream: 'JOBS', durable: 'reader', filter: ['job.>'], signal: done.signal },
    async ({ data, redelivered, id }) => {
      seen.add(`${text(data)} ${id} ${redelivered}`)
      if (failures-- > 0) throw new Error('not yet')
    },
  )
  await bus.publish('job.1.created', utf8('first'), { id: 'e1' })
  await bus.publish('job.1.accepted', utf8('second'), { id: 'e2' })
  await seen.reached(4)
  assert.deepEqual(seen.items, ['first e1 false', 'first e1 true', 'first e1 true', 'second e2 false'])
})

test('a reader goes on where it stopped', async () => {
  const bus = await open('resume')
  const firstStop = new AbortController()
  const first = collector<string>()
  const running = bus.consume(
    { stream: 'JOBS', durable: 'reader', filter: ['job.>'], signal: firstStop.signal },
    async ({ data }) => first.add(text(data)),
  )
  await bus.publish('job.1.created', utf8('1'), { id: '1' })
  await first.reached(1)
  firstStop.abort()
  await running
  await bus.publish('job.1.accepted', utf8('2'), { id: '2' })
  const second = collector<string>()
  void bus.consume({ stream: 'JOBS', durable: 'reader', filter: ['job.>'], signal: done.signal }, async ({ data }) =>
    second.add(text(data)),
  )
  await second.reached(1)
  assert.deepEqual([first.items, second.items], [['1'], ['2']])
})

test('nodes that share a server do not see each other', async () => {
  const [one, two] = await Promise.all([open('one'), open('two')])
  const seen = collector<string>()
  two.listen('progress.*', { signal: done.signal }, ({ subject, data }) => seen.add(`${subject} ${text(data)}`))
  await two.ping()
  one.emit('progress.7', utf8('from one'))
  await one.ping()
  two.emit('progress.7', utf8('from two'))
  await seen.reached(1)
  assert.deepEqual(seen.items, ['progress.7 from two'])
})

test('results find their reader, with trace and id', async () => {
  const bus = await open('results')
  const seen = collector<string>()
  void bus.consumeResults(
    { kind: 'work', durable: 'job-pool', signal: done.signal },
    async ({ subject, data, trace }) => seen.add(`${subject} ${text(data)} ${trace}`),
  )
  await bus.publishResult('verify', 'ff', utf8('not this'))
  await bus.publishResult('work', 'ab12', utf8('out'), { trace: 't1' })
  await seen.reached(1)
  assert.deepEqual(seen.items, ['result.work.ab12 out t1'])
})

test('what is too large is refused by name', async () => {
  const bus = await open('large')
  await assert.rejects(
    bus.publish('job.1.created', new Uint8Array(512 * 1024 + 1), { id: 'x' }),
    (error) => isCoded(error) && error.code === 'MESSAGE_TOO_LARGE',
  )
  await bus.publish('job.1.created', new Uint8Array(500 * 1024), { id: 'y' })
})
