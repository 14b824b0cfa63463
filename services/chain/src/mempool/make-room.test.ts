import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NULL_JOB_ID, type Transaction } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { makeRoom, minimumFeeRate, refuseTooCheap } from './make-room.ts'
import { type Entry, Mempool } from './mempool.ts'
import { MAX_MEMPOOL_BYTES } from './policy.ts'

const RAW = new Uint8Array(99_000)
const SIZE = RAW.length * 2 + 2 * 350 + 1_700

/** An entry of 99,000 bytes that pays `rate` base units a byte. */
function entry(n: number, rate: number, options: { jobId?: Uint8Array; parent?: number } = {}): Entry {
  const prevout = { txid: idOf(options.parent ?? 0xffffff), index: n }
  const tx: Transaction = {
    version: 1,
    vin: [{ prevout, scriptSig: RAW, sequence: 0 }],
    vout: [{ value: 1n, scriptPubKey: new Uint8Array() }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
  const found = { settlement: null, byVerdict: false, sigops: 0, addedAtMs: 0 }
  const txid = idOf(n)
  const jobId = options.jobId ?? null
  return { txid, key: bytesToHex(txid), tx, raw: RAW, fee: BigInt(rate * RAW.length), jobId, ...found }
}

function idOf(n: number): Uint8Array {
  const txid = new Uint8Array(32)
  new DataView(txid.buffer).setUint32(0, n)
  return txid
}

/** What making room depends on, with time and blocks at hand. */
function stateOf(mempool: Mempool) {
  let nowMs = 1_000_000
  const tip = { version: 1n }
  return {
    mempool,
    tip,
    params: { spacing: 1 },
    clock: { nowMs: () => nowMs },
    /** Time passes, and a block comes. */
    pass(ms: number) {
      nowMs += ms
      tip.version++
    },
  }
}

/** As many entries as there is room for, paying 2 upwards; the first is a reservation that pays 1. */
function full() {
  const mempool = new Mempool()
  mempool.add(entry(0, 1, { jobId: NULL_JOB_ID }))
  let count = 1
  while (mempool.bytes + SIZE <= MAX_MEMPOOL_BYTES) {
    mempool.add(entry(count, count + 1))
    count++
  }
  return { ...stateOf(mempool), count }
}

test('as long as there is room nobody gives way, and nobody is too cheap', () => {
  const state = stateOf(new Mempool())
  state.mempool.add(entry(1, 5))
  assert.deepEqual(makeRoom(state, entry(2, 1)), [])
  refuseTooCheap(state, entry(2, 1))
  assert.equal(minimumFeeRate(state), 1)
})

test('those that pay least give way, a few at once, but no reservation and nobody who pays more', () => {
  const state = full()
  const { mempool, count } = state
  const drops = makeRoom(state, entry(count, 10_000))
  assert.deepEqual(
    drops.map(({ entry: { fee } }) => Number(fee) / RAW.length),
    Array.from({ length: drops.length }, (_, i) => i + 2),
  )
  assert.ok(drops.length > 20 && drops.length < count / 10)
  for (const drop of drops) mempool.remove(drop.entry.key)
  mempool.add(entry(count, 10_000))
  // Now there is room for the next ones, if they pay more than those that went, and for relaying anew.
  assert.equal(minimumFeeRate(state), drops.length + 2)
  assert.deepEqual(makeRoom(state, entry(count + 1, drops.length + 2)), [])
  assert.throws(() => makeRoom(state, entry(count + 1, drops.length + 1)), { code: 'MEMPOOL_FULL' })
  assert.deepEqual(makeRoom(full(), entry(count, 4)).length, 2)
  assert.deepEqual(makeRoom(full(), entry(count, 1, { jobId: new Uint8Array(32).fill(1) })).length, 1)
})

test('who pays no more than those in place is refused, and the next like it at once', () => {
  const state = full()
  const { count } = state
  refuseTooCheap(state, entry(count, 2))
  assert.throws(() => makeRoom(state, entry(count, 2)), { code: 'MEMPOOL_FULL', score: 0 })
  assert.throws(() => refuseTooCheap(state, entry(count, 2)), { code: 'MEMPOOL_FULL' })
  refuseTooCheap(state, entry(count, 3))
})

test('the minimum falls by half every 72 spacings, faster where there is room, but not before the next block', () => {
  const state = full()
  makeRoom(state, entry(state.count, 10_000))
  const risen = minimumFeeRate(state)
  assert.ok(risen > 20)
  for (const one of [...state.mempool.values()].slice(-10)) state.mempool.remove(one.key)
  assert.equal(minimumFeeRate(state), risen)
  state.pass(72_000)
  assert.ok(Math.abs(minimumFeeRate(state) - risen / 2) < 1e-9)
  for (const one of [...state.mempool.values()].slice(0, 400)) state.mempool.remove(one.key)
  state.pass(18_000)
  assert.ok(Math.abs(minimumFeeRate(state) - risen / 4) < 1e-9)
  state.pass(72_000_000)
  assert.equal(minimumFeeRate(state), 1)
})

test('a parent that pays too little is worth what its child pays, and goes with what rests on it', () => {
  const state = full()
  const { mempool, count } = state
  // Make place by hand for a family: parent 1, child 1,999: together 1,000 a byte.
  for (const one of [...mempool.values()].slice(1, 4)) mempool.remove(one.key)
  mempool.add(entry(count, 1))
  mempool.add(entry(count + 1, 1_999, { parent: count }))
  mempool.add(entry(count + 2, 3, { parent: count + 1 }))
  const drops = makeRoom(state, entry(count + 3, 500))
  const gone = new Set(drops.map(({ entry: { key } }) => key))
  assert.ok(!gone.has(entry(count, 1).key) && !gone.has(entry(count + 1, 1).key))
  assert.ok(gone.has(entry(count + 2, 1).key))
})
