import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshDatabase } from '@camelid/local/testing'
import { openStore } from '@camelid/store'
import { insertBonds, listBonds, listBondsAt, type StoredBond, spendBonds } from '../src/store/bonds.ts'

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined }
const KEY = new Uint8Array(33).fill(2)
const COIN = 100_000_000n

function bond(n: number, value: bigint, more: Partial<StoredBond> = {}): StoredBond {
  const outpoint = new Uint8Array(36)
  new DataView(outpoint.buffer).setUint32(0, n)
  return { outpoint, nodeKey: KEY, value, unbondHeight: 1_000, height: n, ...more }
}

const heights = (bonds: readonly StoredBond[]): number[] => bonds.map(({ height }) => height)

test('bonds worth nothing that others make for a key hide none of its own and cost no judge anything', async () => {
  const { url } = await freshDatabase()
  const migrations = new URL('../migrations/', import.meta.url)
  const signal = new AbortController().signal
  await using store = await openStore({ url, schema: 'chain', migrations, log, signal })
  const { sql } = store
  await insertBonds(
    sql,
    Array.from({ length: 12_000 }, (_, i) => bond(i, BigInt(i % 50))),
  )
  const own = [bond(12_000, 2n * COIN), bond(12_001, COIN, { unbondHeight: 90 }), bond(12_002, 3n * COIN)]
  const other = bond(12_003, COIN, { nodeKey: KEY.toReversed().fill(3) })
  await insertBonds(sql, [...own, other])
  const listed = await listBonds(sql, KEY)
  assert.equal(listed.length, 10_000)
  assert.deepEqual(heights(listed.slice(-3)), [12_000, 12_001, 12_002])

  const at = (height: number) => listBondsAt(sql, { at: height, minimum: COIN / 10n, lockedBeyond: 500 })
  assert.deepEqual(heights(await at(12_001)), [12_000])
  assert.deepEqual(
    heights(await at(20_000)).toSorted((a, b) => a - b),
    [12_000, 12_002, 12_003],
  )
  await spendBonds(sql, [own[0]?.outpoint ?? KEY], 15_000)
  assert.deepEqual(
    heights(await at(14_999)).toSorted((a, b) => a - b),
    [12_000, 12_002, 12_003],
  )
  assert.deepEqual(
    heights(await at(15_000)).toSorted((a, b) => a - b),
    [12_002, 12_003],
  )
})
