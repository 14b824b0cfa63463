import assert from 'node:assert/strict'
import { test } from 'node:test'
import { p2pkhScript, parseP2pkh } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import { freshDatabase } from '@camelid/local/testing'
import type { Sql } from '@camelid/store'
import { CoinCache } from '../src/coins/coin-cache.ts'
import { keyOfBytes } from '../src/coins/pack-coin.ts'
import type { Coin } from '../src/store/coins.ts'
import { insertFlushed } from '../src/store/utxo-state.ts'
import { type Random, seeded } from './random-branch.ts'
import { inChainDatabase, rowsOfCoins } from './tables.ts'

const OUTPOINTS = 400
const hashOf = (height: number) => new Uint8Array(32).fill(height % 251)
const SEED = Number(process.env.TEST_SEED ?? 3)

/** What is unspent, by number of the outpoint. */
type Model = Map<number, Coin>

function outpoint(n: number): Uint8Array {
  const bytes = new Uint8Array(36)
  new DataView(bytes.buffer).setUint32(0, n * 2_654_435_761)
  new DataView(bytes.buffer).setUint32(32, n, true)
  return bytes
}

function coin(n: number, height: number, random: Random): Coin {
  const scriptPubKey = random(3) === 0 ? new Uint8Array(random(300)) : p2pkhScript(new Uint8Array(20).fill(random(9)))
  return { outpoint: outpoint(n), value: BigInt(random(1_000_000)), scriptPubKey, height, coinbase: random(5) === 0 }
}

const rowsOf = (model: Model): string[] =>
  [...model.values()]
    .map(({ outpoint: at, value, scriptPubKey, height, coinbase }) => {
      const h2 = parseP2pkh(scriptPubKey)
      return [
        bytesToHex(at),
        value,
        bytesToHex(scriptPubKey),
        height,
        coinbase,
        h2 === null ? '' : bytesToHex(h2),
      ].join(' ')
    })
    .toSorted()

class Abandoned extends Error {}

/** One transaction of some blocks' changes at random, which may spill, flush, fail or be thought better of. */
async function step(sql: Sql, cache: CoinCache, model: Model, height: number, random: Random): Promise<Model> {
  const after: Model = new Map(model)
  const session = cache.begin()
  try {
    await sql.begin(async (tx) => {
      for (let block = random(3); block >= 0; block--) {
        for (let change = random(60); change > 0; change--) {
          const n = random(OUTPOINTS)
          const key = keyOfBytes(outpoint(n))
          const present = after.get(n)
          if (present === undefined) {
            const fresh = coin(n, height, random)
            session.add(key, fresh)
            after.set(n, fresh)
          } else {
            session.remove(key, random(2) === 0 ? present.scriptPubKey : undefined)
            after.delete(n)
          }
        }
        await agree(after, (outpoints) => session.find(tx, outpoints.map(keyOfBytes)), random)
        if (session.isFull || random(12) === 0) await session.spill(tx)
      }
      if (session.mustFlush || random(6) === 0) await session.flush(tx, { hash: hashOf(height), height })
      if (random(4) === 0) throw new Abandoned()
    })
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error
    return model
  }
  session.commit()
  return after
}

/** Some outpoints are found as the model has them. */
async function agree(
  model: Model,
  find: (outpoints: Uint8Array[]) => Promise<ReadonlyMap<string, Coin>>,
  random: Random,
): Promise<void> {
  const asked = Array.from({ length: 40 }, () => random(OUTPOINTS))
  const found = await find(asked.map(outpoint))
  for (const n of asked) {
    const got = found.get(keyOfBytes(outpoint(n)))
    const expected = model.get(n)
    assert.equal(got?.value, expected?.value)
    assert.equal(got?.height, expected?.height)
    assert.equal(got?.coinbase, expected?.coinbase)
    assert.equal(bytesToHex(got?.scriptPubKey ?? hashOf(1)), bytesToHex(expected?.scriptPubKey ?? hashOf(1)))
  }
}

test('whatever is added, spent, undone, spilled, flushed and rolled back, cache and table together hold what is unspent', async (context) => {
  context.diagnostic(`TEST_SEED=${SEED}`)
  const random = seeded(SEED)
  const { url } = await freshDatabase()
  await inChainDatabase(url, async (sql) => {
    await insertFlushed(sql, { hash: hashOf(0), height: 0 })
    const limit = 20_000
    const cache = new CoinCache(limit, { hash: hashOf(0), height: 0 })
    let model: Model = new Map()
    let spilled = 0
    for (let height = 1; height <= 250; height++) {
      const before = cache.flushed
      model = await step(sql, cache, model, height, random)
      assert.ok(cache.bytes <= limit, `${cache.bytes} bytes held`)
      await agree(model, (outpoints) => cache.find(sql, outpoints), random)
      if (cache.flushed === before) continue
      spilled++
      assert.equal(cache.dirtyBytes, 0)
      assert.deepEqual(await rowsOfCoins(sql), rowsOf(model))
      // As after a restart: the table alone has all of it.
      if (random(3) > 0) continue
      cache.reset(cache.flushed)
      await agree(model, (outpoints) => cache.find(sql, outpoints), random)
    }
    assert.ok(spilled > 20 && cache.hits > 1_000 && cache.misses > 1_000)
  })
})

test('coins made and spent between two flushes never touch the table', async () => {
  const { url } = await freshDatabase()
  await inChainDatabase(url, async (sql) => {
    await insertFlushed(sql, { hash: hashOf(0), height: 0 })
    const cache = new CoinCache(1_000_000, { hash: hashOf(0), height: 0 })
    const made = Array.from({ length: 100 }, (_, n) => coin(n, 1, seeded(n)))
    const first = cache.begin()
    for (const one of made) first.add(keyOfBytes(one.outpoint), one)
    first.commit()
    assert.ok(cache.dirtyBytes > 100 * 100)
    const second = cache.begin()
    for (const one of made) second.remove(keyOfBytes(one.outpoint), one.scriptPubKey)
    second.commit()
    assert.equal(cache.dirtyBytes, 0)
    const third = cache.begin()
    await sql.begin((tx) => third.flush(tx, { hash: hashOf(2), height: 2 }))
    third.commit()
    const [row] = await sql<{ bytes: bigint }[]>`SELECT pg_relation_size('utxos') AS bytes`
    assert.equal(row?.bytes, 0n)
    assert.equal(cache.flushed.height, 2)
  })
})

test('another process that wrote the table is noticed before anything is mixed', async () => {
  const { url } = await freshDatabase()
  await inChainDatabase(url, async (sql) => {
    await insertFlushed(sql, { hash: hashOf(0), height: 0 })
    const [own, other] = [0, 1].map(() => new CoinCache(1_000_000, { hash: hashOf(0), height: 0 }))
    assert.ok(own && other)
    const theirs = other.begin()
    await sql.begin((tx) => theirs.flush(tx, { hash: hashOf(1), height: 1 }))
    const session = own.begin()
    session.add(keyOfBytes(outpoint(1)), coin(1, 1, seeded(1)))
    const flush = sql.begin((tx) => session.flush(tx, { hash: hashOf(2), height: 2 }))
    await assert.rejects(flush, (error) => error instanceof Error && 'code' in error && error.code === 'TIP_MOVED')
    assert.deepEqual(await rowsOfCoins(sql), [])
  })
})
