import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Entry, Mempool } from '../mempool/mempool.ts'
import { type EntryOptions, entry, id } from '../mempool/testing/entries.ts'
import { selectTransactions } from './select-transactions.ts'

/** What the selection keeps free. */
const RESERVED = 1_000

function select(entries: readonly Entry[], room = 4_000_000 - RESERVED, medianTime = 1_000_000_000) {
  const mempool = new Mempool()
  for (const one of entries) mempool.add(one)
  const params = { maxBlockBytes: room + RESERVED, maxBlockSigops: 80_000 }
  return selectTransactions(mempool, { height: 10, medianTime, params })
}

const ids = (entries: readonly Entry[]) => entries.map(({ txid }) => new DataView(txid.buffer).getUint32(0))
const childOf = (parent: number, n: number, options: EntryOptions) =>
  entry(n, { ...options, from: [{ txid: id(parent), index: n }], outputs: 20 })

test('a template takes the best paying, parents before children, each settlement once, and nothing that is locked', () => {
  const entries = [
    entry(1, { fee: 100n }),
    entry(2, { fee: 9_000n, from: [{ txid: id(1), index: 0 }] }),
    entry(3, { fee: 500n, settlement: 'same' }),
    entry(4, { fee: 600n, settlement: 'same' }),
    entry(5, { fee: 700n, lockTime: 1_000_000_000 }),
    entry(6, { fee: 800n, lockTime: 999_999_999 }),
    childOf(5, 7, { fee: 90_000n }),
  ]
  assert.deepEqual(ids(select(entries).entries), [1, 2, 6, 4])
  assert.deepEqual(ids(select(entries, 4_000_000, 1_000_000_001).entries), [5, 7, 1, 2, 6, 4])
})

test('a child pays for its parent where there is room for few', () => {
  const entries = [entry(1, { fee: 200n }), childOf(1, 2, { fee: 5_000n }), entry(3, { fee: 2_000n })]
  assert.deepEqual(ids(select(entries, 400).entries), [1, 2])
  assert.deepEqual(ids(select(entries, 600).entries), [1, 2, 3])
  // What its parent's first child paid for, the second one has for nothing.
  const siblings = [...entries, childOf(1, 4, { fee: 1_900n }), entry(5, { fee: 1_950n })]
  assert.deepEqual(ids(select(siblings, 1_000).entries), [1, 2, 3, 5, 4])
})

test('a template stays within bytes and sigops, and fills what a smaller one leaves', () => {
  const big = Array.from({ length: 50 }, (_, n) => entry(n + 1, { fee: BigInt(n + 1) * 100_000n, bytes: 99_000 }))
  const { entries } = select([...big, entry(90, { fee: 1n, bytes: 300 })])
  assert.equal(entries.length, 41)
  assert.deepEqual([ids(entries)[0], ids(entries)[40]], [50, 90])
  const many = Array.from({ length: 30 }, (_, n) => entry(n + 1, { sigops: 4_000 }))
  assert.equal(select(many).entries.length, 19)
})

const loners = fc.array(
  fc.record({ fee: fc.bigInt({ min: 0n, max: 5_000n }), bytes: fc.integer({ min: 60, max: 400 }) }),
  { maxLength: 10 },
)

test('of entries of one size that rest on nothing, no choice earns more', () => {
  fc.assert(
    fc.property(loners, fc.integer({ min: 0, max: 10 }), (drawn, count) => {
      const entries = drawn.map(({ fee }, n) => entry(n, { fee, bytes: 100 }))
      assert.equal(select(entries, count * 100).fees, bestOf(entries, count * 100))
    }),
  )
})

test('of entries of many sizes that rest on nothing, no choice earns more than the first one left out', () => {
  fc.assert(
    fc.property(loners, fc.integer({ min: 0, max: 2_000 }), (drawn, room) => {
      const entries = drawn.map((options, n) => entry(n, options))
      const { entries: chosen, fees } = select(entries, room)
      const left = entries.filter((one) => !chosen.includes(one) && one.raw.length <= room)
      const [most = 0n] = left.map(({ fee }) => fee).sort((a, b) => Number(b - a))
      assert.ok(bestOf(entries, room) <= fees + most)
    }),
  )
})

/** Entries each of which rests on some of those before it. */
const families = fc
  .array(
    fc.record({
      parents: fc.uniqueArray(fc.nat(20), { maxLength: 2 }),
      fee: fc.bigInt({ min: 0n, max: 5_000n }),
      bytes: fc.integer({ min: 60, max: 400 }),
    }),
    { maxLength: 10 },
  )
  .map((drawn) =>
    drawn.map(({ parents, fee, bytes }, n) => {
      const before = n === 0 ? [] : [...new Set(parents.map((parent) => parent % n))]
      const from = [{ txid: id(99), index: n }, ...before.map((parent) => ({ txid: id(parent), index: n }))]
      return entry(n, { fee, bytes, from, outputs: 20 })
    }),
  )

test('each step takes the package of the best rate of all that are left and fit, found by looking at every one', () => {
  fc.assert(
    fc.property(families, fc.integer({ min: 0, max: 3_000 }), (entries, room) => {
      const chosen = new Set<Entry>()
      let left = room
      for (;;) {
        const packages = entries
          .filter((one) => !chosen.has(one))
          .map((one) => packageOf(one, entries).filter((member) => !chosen.has(member)))
          .map((members) => ({ members, bytes: bytesOf(members), fee: feesOf(members) }))
          .filter(({ bytes }) => bytes <= left)
        const best = packages.sort((a, b) => Number(b.fee) * a.bytes - Number(a.fee) * b.bytes || a.bytes - b.bytes)[0]
        if (best === undefined) break
        for (const member of best.members) chosen.add(member)
        left -= best.bytes
      }
      assert.equal(select(entries, room).fees, feesOf([...chosen]))
    }),
  )
})

test('whatever is chosen is a block: within its room, parents before children, nothing twice', () => {
  fc.assert(
    fc.property(families, fc.integer({ min: 0, max: 3_000 }), (entries, room) => {
      const { entries: chosen, fees } = select(entries, room)
      assert.ok(bytesOf(chosen) <= room)
      assert.equal(fees, feesOf(chosen))
      assert.equal(new Set(chosen).size, chosen.length)
      for (const [place, one] of chosen.entries())
        for (const parent of packageOf(one, entries))
          assert.ok(chosen.indexOf(parent) <= place && chosen.includes(parent))
      if (bytesOf(entries) <= room) assert.equal(chosen.length, entries.length)
    }),
  )
})

/** The most that any choice earns, by trying all of them. */
function bestOf(entries: readonly Entry[], room: number): bigint {
  let best = 0n
  for (let mask = 0; mask < 1 << entries.length; mask++) {
    const chosen = entries.filter((_, n) => (mask & (1 << n)) !== 0)
    const fees = feesOf(chosen)
    if (bytesOf(chosen) <= room && fees > best) best = fees
  }
  return best
}

/** An entry and all that it rests on. */
function packageOf(one: Entry, all: readonly Entry[]): Entry[] {
  const members = new Set([one])
  for (const member of members)
    for (const { prevout } of member.tx.vin)
      for (const other of all) if (Buffer.compare(other.txid, prevout.txid) === 0) members.add(other)
  return [...members]
}

const bytesOf = (entries: readonly Entry[]) => entries.reduce((sum, { raw }) => sum + raw.length, 0)
const feesOf = (entries: readonly Entry[]) => entries.reduce((sum, { fee }) => sum + fee, 0n)
