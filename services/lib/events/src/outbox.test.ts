import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { startTestNats, startTestPostgres, type TestNats, type TestPostgres } from '@camelid/local/testing'
import { openStore, type Store } from '@camelid/store'
import { type Bus, connectBus } from './connect-bus.ts'
import { addToOutbox, OUTBOX_TABLE, runOutbox } from './outbox.ts'
import { collector, quietLog, text, utf8 } from './testing.ts'

let nats: TestNats
let postgres: TestPostgres
let bus: Bus
let store: Store
const done = new AbortController()
const seen = collector<string>()

before(async () => {
  ;[nats, postgres] = await Promise.all([startTestNats(), startTestPostgres()])
  const migrations = mkdtempSync(join(tmpdir(), 'camelid-migrations-'))
  writeFileSync(join(migrations, '0001_outbox.sql'), OUTBOX_TABLE)
  const { url } = await postgres.createDatabase()
  const signal = done.signal
  store = await openStore({ url, schema: 'jobs', migrations: pathToFileURL(migrations), log: quietLog, signal })
  bus = await connectBus({ url: nats.url, network: 'local', node: 'outbox', name: 'test', log: quietLog, signal })
  void bus.consume({ stream: 'JOBS', durable: 'reader', filter: ['job.>'], signal }, async ({ id, data }) =>
    seen.add(`${id} ${text(data)}`),
  )
})
after(async () => {
  done.abort()
  await bus.close()
  await store.close()
  await Promise.all([nats.stop(), postgres.stop()])
})

const event = (number: number) => ({ eventId: `e${number}`, subject: 'job.1.created', payload: utf8(`${number}`) })
const waiting = async () => (await store.sql<{ n: bigint }[]>`select count(*) as n from outbox`)[0]?.n

test('events leave with their transaction, in order, through outages of NATS and PostgreSQL', async () => {
  const outbox = runOutbox({ sql: store.sql, bus, log: quietLog, signal: done.signal })
  await store.sql.begin((tx) => addToOutbox(tx, [event(1), event(2)]))
  outbox.wake()
  await seen.reached(2)

  const undone = store.sql.begin(async (tx) => {
    await addToOutbox(tx, [event(99)])
    throw new Error('no')
  })
  await assert.rejects(undone, /no/)

  await nats.kill()
  await store.sql.begin((tx) => addToOutbox(tx, [event(3), event(4)]))
  outbox.wake()
  await nats.start()
  await seen.reached(4)

  await postgres.kill()
  outbox.wake()
  await postgres.start()
  for (let tries = 0; ; tries++) {
    try {
      await store.sql.begin((tx) => addToOutbox(tx, [event(5)]))
      break
    } catch (error) {
      if (tries > 50) throw error
    }
  }
  outbox.wake()
  await seen.reached(5)
  assert.deepEqual(seen.items, ['e1 1', 'e2 2', 'e3 3', 'e4 4', 'e5 5'])
  while ((await waiting()) !== 0n) await new Promise((resolve) => setTimeout(resolve, 20))
})

test('an event told twice waits once', async () => {
  await store.sql.begin(async (tx) => {
    await addToOutbox(tx, [event(7), event(7)])
    await addToOutbox(tx, [event(7)])
    assert.equal((await tx`select * from outbox`).length, 1)
    await tx`delete from outbox`
  })
})
