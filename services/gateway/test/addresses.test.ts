import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { generatePrivateKey } from '@camelid/crypto'
import { freshDatabase } from '@camelid/local/testing'
import { identityOf } from '@camelid/p2p'
import type { Store } from '@camelid/store'
import { AddressBook } from '../src/peers/address-book.ts'
import { loadAnchors } from '../src/store/anchors.ts'
import { gatewayStore } from './database-of.ts'

const NOW = 1_800_000_000_000
const hello = { nodeKey: identityOf(generatePrivateKey()).publicKey, services: 3n }
const at = (host: string) => ({ host, port: 7331 })
const told = (host: string, lastSeenMs = NOW) => ({ ...at(host), services: 3n, lastSeenMs })

/** A book under a fixed secret, whose clock the test sets. */
async function bookOf(store: Store): Promise<{ book: AddressBook; clock: { now: number } }> {
  const clock = { now: NOW }
  const entropy = new Uint8Array(32).fill(9)
  const { sql } = store
  const book = await AddressBook.open({ sql, clock: { nowMs: () => clock.now }, loopbackApart: false, entropy })
  return { book, clock }
}

async function hosts(store: Store, which: 'tried' | 'new'): Promise<Set<string>> {
  const rows = await store.sql<{ host: string }[]>`select host from address where tried = ${which === 'tried'}`
  return new Set(rows.map(({ host }) => host))
}

test('10,000 addresses of nonsense from one peer change little; what was reached stays', async () => {
  await using store = await gatewayStore((await freshDatabase()).url)
  const { book } = await bookOf(store)
  for (let i = 0; i < 40; i++) {
    await book.reached(at(`50.${i}.0.1`), hello)
    const list = Array.from({ length: 10 }, (_, j) => told(`${60 + j}.${i}.0.1`))
    await book.hear(list, at(`50.${i}.0.1`))
  }
  const [reached, heard] = [await hosts(store, 'tried'), await hosts(store, 'new')]
  assert.ok(reached.size > 36 && heard.size > 380, `${reached.size} and ${heard.size}`)
  for (let i = 0; i < 100; i++) {
    const nonsense = Array.from({ length: 100 }, (_, j) => told(`${70 + (i % 30)}.${j}.${i}.1`, NOW + 1))
    await book.hear(nonsense, at('9.9.9.9'))
  }
  const after = await hosts(store, 'new')
  assert.deepEqual(await hosts(store, 'tried'), reached)
  assert.ok([...heard].every((host) => after.has(host)))
  assert.ok(after.size - heard.size <= 512, `${after.size - heard.size} came in`)
  // None of it is told on.
  assert.ok((await book.toTell(1_000)).every(({ host }) => host.startsWith('50.')))
})

test('hearsay where nobody answers gives way at once and goes after three tries, what was reached after ten', async () => {
  await using store = await gatewayStore((await freshDatabase()).url)
  const { book, clock } = await bookOf(store)
  await book.hear([told('8.8.8.8')], at('9.9.9.9'))
  await book.reached(at('8.8.4.4'), hello)
  const toDial = async () => [
    ...(await book.toDial({ tried: false, limit: 9, h2s: [] })),
    ...(await book.toDial({ tried: true, limit: 9, h2s: [] })),
  ]
  clock.now += 10_000
  assert.deepEqual(
    (await toDial()).map(({ host }) => host),
    ['8.8.8.8', '8.8.4.4'],
  )
  // The line is down: no fault of theirs.
  for (let i = 0; i < 20; i++) await book.failed(at('8.8.8.8'), false)
  for (let i = 0; i < 2; i++) await book.failed(at('8.8.8.8'), true)
  assert.deepEqual([...(await hosts(store, 'new'))], ['8.8.8.8'])
  // It is tried ever less often.
  const dialled = async () => (await book.toDial({ tried: false, limit: 9, h2s: [] })).length
  clock.now += 39_000
  assert.equal(await dialled(), 0)
  clock.now += 1_000
  assert.equal(await dialled(), 1)
  await book.failed(at('8.8.8.8'), true)
  assert.equal((await hosts(store, 'new')).size, 0)
  for (let i = 0; i < 9; i++) await book.failed(at('8.8.4.4'), true)
  assert.deepEqual([(await hosts(store, 'tried')).size, await book.toTell(9)], [1, []])
  await book.failed(at('8.8.4.4'), true)
  assert.deepEqual(await book.count(), { tried: 0, fresh: 0 })
})

test('one that was reached loses its place to another only when a feeler found it gone', async () => {
  await using store = await gatewayStore((await freshDatabase()).url)
  const { book, clock } = await bookOf(store)
  // Addresses of one part of the network, until two want the same place.
  let challenger = ''
  let i = 0
  for (; challenger === ''; i++) {
    await book.reached(at(`8.8.${i}.1`), hello)
    challenger = [...(await hosts(store, 'new'))][0] ?? ''
  }
  clock.now += 20_000
  const incumbent = (await book.toFeel([]))?.host ?? assert.fail()
  assert.notEqual(incumbent, challenger)
  assert.ok((await hosts(store, 'tried')).has(incumbent))
  // Reached again, it stays.
  await book.reached(at(incumbent), hello)
  await book.reached(at(challenger), hello)
  assert.ok((await hosts(store, 'tried')).has(incumbent))
  // Meanwhile the challenger, reached too, is told on.
  assert.ok((await book.toTell(1_000)).some(({ host }) => host === challenger))
  await book.failed(at(incumbent), true)
  await book.reached(at(challenger), hello)
  const tried = await hosts(store, 'tried')
  assert.deepEqual([tried.has(challenger), tried.has(incumbent)], [true, false])
})

test('a database of the version before keeps its best addresses as anchors, and its bans', async () => {
  const { url } = await freshDatabase()
  {
    await using store = await gatewayStore(url)
    const first = await readFile(new URL('../migrations/0001_gateway.sql', import.meta.url), 'utf8')
    await store.sql.begin(async (tx) => {
      await tx`drop table address, anchor, book_secret, ban`
      await tx.unsafe(first)
      await tx`delete from migrations where version >= 2`
      await tx`
        insert into address (host, port, h2, last_seen_ms, bucket)
        select '8.8.8.' || n, 7331, case when n > 3 then decode(repeat('ab', 20), 'hex') end, n, '8.8'
        from generate_series(1, 9) n`
      await tx`insert into ban values ('key:' || repeat('ab', 20), ${NOW}, 'old')`
    })
  }
  await using store = await gatewayStore(url)
  assert.deepEqual(
    (await loadAnchors(store.sql)).map(({ host }) => host),
    ['8.8.8.6', '8.8.8.7', '8.8.8.8', '8.8.8.9'],
  )
  assert.equal((await store.sql`select 1 from ban`).length, 1)
})
