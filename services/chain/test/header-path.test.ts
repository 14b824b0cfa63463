import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeHeader } from '@camelid/codec'
import { bytesToHex, sha256d } from '@camelid/crypto'
import { freshDatabase } from '@camelid/local/testing'
import { HeaderIndex } from '../src/chain/header-index.ts'
import { HeaderPath } from '../src/chain/header-path.ts'
import { type IndexedHeader, insertHeaders } from '../src/store/headers.ts'
import { params } from './branch.ts'
import { inChainDatabase } from './tables.ts'

/** Headers on top of one another, without work: nobody judges them here. */
function grow(parent: IndexedHeader, count: number, tag: number): IndexedHeader[] {
  const nodes: IndexedHeader[] = []
  for (let last = parent; nodes.length < count; ) {
    const header = { ...last.header, prevHash: last.hash, nonce: tag }
    last = { ...last, header, hash: sha256d(encodeHeader(header)), height: last.height + 1, work: last.work + 1n }
    nodes.push({ ...last, linked: false, hasBlock: false })
  }
  return nodes
}

const { header } = params.genesis
const ROOT: IndexedHeader = {
  hash: params.genesisHash,
  height: 0,
  header,
  work: 1n,
  anchor: { height: 0, parentTime: 0, bits: header.bits },
  medianTime: 0,
  hasBlock: true,
  linked: true,
  invalid: false,
}
const hashes = (nodes: readonly IndexedHeader[]) => nodes.map(({ hash }) => bytesToHex(hash))

test('the way to the best header holds little of it, and names what is missing from its lower end up', async () => {
  const { url } = await freshDatabase()
  await inChainDatabase(url, async (sql) => {
    await insertHeaders(sql, [ROOT])
    await sql`UPDATE headers SET has_block = true, linked_seq = 1`
    const headers = new HeaderIndex(sql)
    const path = new HeaderPath(headers, ROOT)
    const wanted = async (limit: number) => (await path.wanted(limit)).map(bytesToHex)
    const store = async (nodes: readonly IndexedHeader[]) => {
      for (let at = 0; at < nodes.length; at += 2_000) {
        const message = nodes.slice(at, at + 2_000)
        await insertHeaders(sql, message)
        const last = message.at(-1)
        if (last !== undefined && last.work > path.best.work) await path.follow(last)
      }
    }
    const trunk = grow(ROOT, 30_500, 1)
    await store(trunk)
    assert.equal(path.length, 30_500)
    assert.deepEqual(await wanted(128), hashes(trunk.slice(0, 128)))
    assert.ok(path.held < 4_100, `${path.held} hashes held`)

    // Blocks arrive: as fast as they are linked, others are wanted.
    for (let done = 0; done < 9_900; done += 300) {
      const linked = trunk.slice(done, done + 300)
      headers.update(
        linked.map(({ hash }) => hash),
        { hasBlock: true, linked: true },
      )
      await sql`UPDATE headers SET has_block = true, linked_seq = 2 WHERE height BETWEEN ${done + 1} AND ${done + 300}`
      path.linked(linked)
      assert.deepEqual(await wanted(100), hashes(trunk.slice(done + 300, done + 400)))
      assert.ok(path.held < 4_100)
    }
    assert.equal(path.length, 30_500 - 9_900)
    const [next] = trunk.slice(9_900)
    assert.ok(next !== undefined && path.leadsTo(next))

    assert.equal(path.epoch, 0)

    // A branch with more work that leaves below, one that leaves far above, and a start anew.
    const fork = trunk[9_000]
    assert.ok(fork)
    const other = grow(fork, 25_000, 2)
    await store(other)
    assert.deepEqual(await wanted(5), hashes(other.slice(0, 5)))
    assert.equal(path.length, 25_000)
    assert.equal(path.epoch, 1)
    const late = other[20_000]
    assert.ok(late)
    // What lies on the way to it, held or not, and what does not; and where a peer may find it, at growing distances.
    assert.deepEqual([await path.includes(late), await path.includes(trunk[15_000] ?? late)], [true, false])
    const locator = (await path.locator()).map(bytesToHex)
    assert.equal(locator[0], bytesToHex(other.at(-1)?.hash ?? late.hash))
    assert.ok(locator.length > 11 && locator.length < 20)
    assert.ok(locator.every((hash) => hashes(other).includes(hash)))
    const third = grow(late, 6_000, 3)
    await store(third)
    assert.deepEqual(await wanted(5), hashes(other.slice(0, 5)))
    const anew = new HeaderPath(new HeaderIndex(sql), ROOT)
    await anew.follow(third.at(-1) ?? assert.fail())
    assert.deepEqual((await anew.wanted(128)).map(bytesToHex), hashes(other.slice(0, 128)))
    assert.equal(anew.length, path.length)

    // The best is found invalid: what is left is followed.
    await path.follow(late)
    assert.equal(path.length, 20_001)
    assert.deepEqual(await wanted(5), hashes(other.slice(0, 5)))
    const top = trunk.at(-1)
    assert.ok(top)
    await path.follow(top)
    assert.deepEqual(await wanted(5), hashes(trunk.slice(9_900, 9_905)))
  })
})
