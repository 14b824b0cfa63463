import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshDatabase } from '@camelid/local/testing'
import { openStore } from '@camelid/store'
import { addressesToTry, noteAddresses, noteConnected, noteFailure, provenAddresses } from '../src/store/addresses.ts'
import { silent } from './test-peer.ts'

const NOW = 1_800_000_000_000
const address = (host: string, lastSeenMs: number) => {
  const bucket = host.split('.').slice(0, 2).join('.')
  return { host, port: 7331, h2: undefined, services: 3n, lastSeenMs, bucket }
}

test('the address book keeps what was reached, however much hearsay comes after it', async () => {
  const { url } = await freshDatabase()
  const migrations = new URL('../migrations/', import.meta.url)
  const signal = new AbortController().signal
  await using store = await openStore({ url, schema: 'gateway', migrations, log: silent, signal })
  const { sql } = store
  await noteConnected(sql, { ...address('8.8.8.8', NOW - 86_400_000), h2: new Uint8Array(20).fill(1) })
  await sql`
    insert into address (host, port, last_seen_ms, bucket)
    select 'h' || n, 7331, ${NOW}, 'b' || (n / 200) from generate_series(1, 10100) n`
  // No part of the network takes more than its share.
  const flood = Array.from({ length: 300 }, (_, i) => address(`9.9.${i >> 8}.${i & 255}`, NOW))
  await noteAddresses(sql, flood)
  const [counts] = await sql<{ all: bigint; bucket: bigint }[]>`
    select count(*) as all, count(*) filter (where bucket = '9.9') as bucket from address`
  assert.deepEqual([Number(counts?.all), Number(counts?.bucket) <= 256], [10_000, true])
  assert.deepEqual(
    (await provenAddresses(sql, 10)).map(({ host }) => host),
    ['8.8.8.8'],
  )

  // Ten failures in a row and it is forgotten; meanwhile it is tried ever less often.
  const tried = async (nowMs: number) =>
    (await addressesToTry(sql, 1_000, nowMs)).some(({ host }) => host === '8.8.8.8')
  assert.equal(await tried(NOW), true)
  await noteFailure(sql, '8.8.8.8', 7331, NOW)
  assert.deepEqual([await tried(NOW + 100_000), await tried(NOW + 130_000)], [false, true])
  assert.deepEqual(await provenAddresses(sql, 10), [])
  const known = async () => (await sql`select 1 from address where host = '8.8.8.8'`).length
  for (let failures = 2; failures < 10; failures++) await noteFailure(sql, '8.8.8.8', 7331, NOW)
  assert.equal(await known(), 1)
  await noteFailure(sql, '8.8.8.8', 7331, NOW)
  assert.equal(await known(), 0)
})
