import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { isCoded } from '@camelid/errors'
import { startTestPostgres, type TestPostgres } from '@camelid/local/testing'
import { isConnectionError } from './connection-error.ts'
import { openStore, type Store } from './open-store.ts'

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined }
const signal = new AbortController().signal
let postgres: TestPostgres
const stores: Store[] = []

before(async () => {
  postgres = await startTestPostgres()
})
after(async () => {
  await Promise.all(stores.map((store) => store.close()))
  await postgres.stop()
})

function migrations(files: Record<string, string>): URL {
  const folder = mkdtempSync(join(tmpdir(), 'camelid-migrations-'))
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql)
  return pathToFileURL(folder)
}

async function open(url: string, files: Record<string, string>, schema = 'chain'): Promise<Store> {
  const store = await openStore({ url, schema, migrations: migrations(files), log: quiet, signal, max: 2 })
  stores.push(store)
  return store
}

const hasCode = (code: string) => (error: unknown) => isCoded(error) && error.code === code
const FIRST = { '0001_coins.sql': 'create table coins (value bigint not null, script bytea);' }
const SECOND = { ...FIRST, '0002_more.sql': 'alter table coins add height int; create index on coins (height);' }

test('replicas that start together migrate once, and a later release goes on from there', async () => {
  const { url } = await postgres.createDatabase()
  const replicas = await Promise.all([open(url, FIRST), open(url, FIRST), open(url, FIRST)])
  await replicas[0].sql`insert into coins (value, script) values (${2n ** 60n}, ${new Uint8Array([1, 2])})`
  const { sql } = await open(url, SECOND)
  const rows = await sql<{ value: bigint; script: Uint8Array; height: number | null }[]>`select * from coins`
  assert.equal(rows[0]?.value, 2n ** 60n)
  assert.equal(rows[0]?.height, null)
  const versions = await sql<{ version: number }[]>`select version from migrations order by version`
  assert.deepEqual([...versions], [{ version: 1 }, { version: 2 }])
})

test('an older release refuses a newer database, and a changed migration is refused', async () => {
  const { url } = await postgres.createDatabase()
  await open(url, SECOND)
  await assert.rejects(open(url, FIRST), hasCode('NEWER_SCHEMA'))
  await assert.rejects(open(url, { ...SECOND, '0001_coins.sql': 'select 1;' }), hasCode('MIGRATION_CHANGED'))
})

test('a migration that fails leaves nothing of itself', async () => {
  const { url } = await postgres.createDatabase()
  const broken = { ...FIRST, '0002_broken.sql': 'create table half (id int); select * from nowhere;' }
  await assert.rejects(open(url, broken), /nowhere/)
  const { sql } = await open(url, FIRST)
  assert.deepEqual(
    [...(await sql`select tablename from pg_tables where schemaname = 'chain' order by 1`)],
    [{ tablename: 'coins' }, { tablename: 'migrations' }],
  )
})

test('schemas of two services in one database do not meet', async () => {
  const { url } = await postgres.createDatabase()
  const [chain, jobs] = await Promise.all([open(url, FIRST, 'chain'), open(url, FIRST, 'job_pool')])
  await chain.sql`insert into coins (value) values (1)`
  assert.equal((await jobs.sql`select * from coins`).length, 0)
  await assert.rejects(open(url, FIRST, 'no"schema'), hasCode('BAD_SCHEMA_NAME'))
})

test('gaps, doubles and odd names of migrations are refused', async () => {
  const { url } = await postgres.createDatabase()
  for (const files of [{ '0002_late.sql': '' }, { ...FIRST, '0001_twin.sql': '' }, { 'first.sql': '' }])
    await assert.rejects(open(url, files), hasCode('BAD_MIGRATIONS'))
})

test('a killed server is survived: queries fail by name meanwhile, and work again afterwards', async () => {
  const { url } = await postgres.createDatabase()
  const { sql, ping } = await open(url, FIRST)
  await sql`insert into coins (value) values (1)`
  await postgres.kill()
  await assert.rejects(ping(), isConnectionError)
  const late = openStore({ url, schema: 'chain', migrations: migrations(FIRST), log: quiet, signal })
  await postgres.start()
  stores.push(await late)
  for (let tries = 0; ; tries++) {
    try {
      assert.equal((await sql`select * from coins`).length, 1)
      break
    } catch (error) {
      if (!isConnectionError(error) || tries > 50) throw error
    }
  }
})

test('waiting for a server ends when told to', async () => {
  const stop = new AbortController()
  const url = 'postgres://nobody:x@127.0.0.1:1/none'
  const waiting = openStore({ url, schema: 'chain', migrations: migrations(FIRST), log: quiet, signal: stop.signal })
  setTimeout(() => stop.abort(new Error('enough')), 100)
  await assert.rejects(waiting, /enough/)
})
