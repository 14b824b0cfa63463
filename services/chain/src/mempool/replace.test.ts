import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutPoint } from '@camelid/codec'
import { type Entry, Mempool } from './mempool.ts'
import { judgeReplacement } from './replace.ts'
import { type EntryOptions, entry, id } from './testing/entries.ts'

const COIN: OutPoint = { txid: id(1_000), index: 0 }
const OTHER: OutPoint = { txid: id(1_001), index: 0 }
/** Says that it may be replaced. */
const SIGNALS = 0xfffffffd

function holding(...entries: readonly Entry[]): Mempool {
  const mempool = new Mempool()
  for (const one of entries) mempool.add(one)
  return mempool
}

/** Ids of what goes where an entry like this comes. */
function replaced(mempool: Mempool, options: EntryOptions): number[] {
  const parsed = entry(99, options)
  const drops = judgeReplacement(mempool, { parsed, fee: parsed.fee })
  return drops.map(({ entry: { txid } }) => new DataView(txid.buffer).getUint32(0))
}

const first = entry(1, { from: [COIN], fee: 1_000n, sequence: SIGNALS })
const child = entry(2, { from: [{ txid: id(1), index: 0 }], fee: 500n })

test('who conflicts with nobody replaces nobody', () => {
  assert.deepEqual(replaced(holding(first), { from: [OTHER] }), [])
})

test('a replacement pays for all that goes and for being relayed, to the unit, and more a byte', () => {
  assert.deepEqual(replaced(holding(first, child), { from: [COIN], fee: 1_700n }), [1])
  const tooLittle = { code: 'REPLACEMENT_FEE_TOO_LOW', score: 0 }
  assert.throws(() => replaced(holding(first, child), { from: [COIN], fee: 1_699n }), tooLittle)
  // 1,000 bytes at less than the 5 a byte of what it would replace.
  assert.throws(() => replaced(holding(first), { from: [COIN], fee: 4_900n, bytes: 1_000 }), tooLittle)
  assert.deepEqual(replaced(holding(first), { from: [COIN], fee: 5_100n, bytes: 1_000 }), [1])
})

test('only what says so is replaced, or what rests on one that says so', () => {
  const final = entry(1, { from: [COIN], fee: 1_000n, sequence: 0xfffffffe })
  const refused = { code: 'MEMPOOL_CONFLICT', score: 0 }
  assert.throws(() => replaced(holding(final), { from: [COIN], fee: 100_000n }), refused)
  const fromChild = { from: [{ txid: id(1), index: 0 }], fee: 100_000n }
  assert.throws(() => replaced(holding(final, child), fromChild), refused)
  assert.deepEqual(replaced(holding(first, child), fromChild), [2])
})

test('a reservation is never replaced, nor what a reservation rests on', () => {
  const jobId = id(7)
  const reservation = entry(1, { from: [COIN], sequence: SIGNALS, jobId })
  assert.throws(() => replaced(holding(reservation), { from: [COIN], fee: 100_000n }), { code: 'RESERVED' })
  const above = entry(2, { from: [{ txid: id(1), index: 0 }], jobId })
  assert.throws(() => replaced(holding(first, above), { from: [COIN], fee: 100_000n }), { code: 'RESERVED' })
})

test('a replacement brings no new unconfirmed inputs, and does not rest on what it takes out', () => {
  const refused = { code: 'MEMPOOL_CONFLICT' }
  const unrelated = entry(3, { from: [OTHER] })
  const withNew = { from: [COIN, { txid: id(3), index: 0 }], fee: 100_000n }
  assert.throws(() => replaced(holding(first, unrelated), withNew), refused)
  const withOwn = { from: [COIN, { txid: id(2), index: 0 }], fee: 100_000n }
  assert.throws(() => replaced(holding(first, child), withOwn), refused)
  // The same unconfirmed input again is fine.
  const user = entry(4, { from: [COIN, { txid: id(3), index: 0 }], sequence: SIGNALS })
  assert.deepEqual(replaced(holding(unrelated, user), withNew), [4])
})

test('at most 100 go at once', () => {
  const coins = Array.from({ length: 101 }, (_, n): OutPoint => ({ txid: id(2_000 + n), index: 0 }))
  const small = coins.map((coin, n) => entry(n + 1, { from: [coin], fee: 1n, sequence: SIGNALS }))
  const all = { from: coins, fee: 1_000_000n }
  assert.throws(() => replaced(holding(...small), all), { code: 'TOO_MANY_REPLACED', score: 0 })
  assert.equal(replaced(holding(...small.slice(0, 100)), all).length, 100)
})
