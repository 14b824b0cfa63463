import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NULL_JOB_ID, type Transaction } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { makeRoom, refuseTooCheap } from './make-room.ts'
import { type Entry, Mempool } from './mempool.ts'
import { MAX_MEMPOOL_BYTES } from './policy.ts'

const RAW = new Uint8Array(99_000)

/** An entry of 99,000 bytes that pays `rate` base units a byte. */
function entry(n: number, rate: number, jobId: Uint8Array | null = null): Entry {
  const txid = new Uint8Array(32)
  new DataView(txid.buffer).setUint32(0, n)
  const vin = [{ prevout: { txid: new Uint8Array(32).fill(255), index: n }, scriptSig: RAW, sequence: 0 }]
  const tx: Transaction = { version: 1, vin, vout: [], lockTime: 0, jobId: NULL_JOB_ID }
  const found = { settlement: null, byVerdict: false, sigops: 0, addedAtMs: 0 }
  return { txid, key: bytesToHex(txid), tx, raw: RAW, fee: BigInt(rate * RAW.length), jobId, ...found }
}

/** As many entries as there is room for, paying 2 upwards; the first is a reservation that pays 1. */
function full(): { mempool: Mempool; count: number } {
  const mempool = new Mempool()
  mempool.add(entry(0, 1, NULL_JOB_ID))
  let count = 1
  while (mempool.bytes + RAW.length * 2 <= MAX_MEMPOOL_BYTES) {
    mempool.add(entry(count, count + 1))
    count++
  }
  return { mempool, count }
}

test('as long as there is room nobody gives way, and nobody is too cheap', () => {
  const mempool = new Mempool()
  mempool.add(entry(1, 5))
  assert.deepEqual(makeRoom(mempool, entry(2, 1)), [])
  refuseTooCheap(mempool, entry(2, 1))
})

test('those that pay least give way, a few at once, but no reservation and nobody who pays more', () => {
  const { mempool, count } = full()
  const drops = makeRoom(mempool, entry(count, 10_000))
  assert.deepEqual(
    drops.map(({ entry: { fee } }) => Number(fee) / RAW.length),
    Array.from({ length: drops.length }, (_, i) => i + 2),
  )
  assert.ok(drops.length > 20 && drops.length < count / 10)
  for (const drop of drops) mempool.remove(drop.entry.key)
  mempool.add(entry(count, 10_000))
  // Now there is room for the next ones, if they pay more than those that went.
  assert.deepEqual(makeRoom(mempool, entry(count + 1, drops.length + 2)), [])
  assert.throws(() => makeRoom(mempool, entry(count + 1, drops.length + 1)), { code: 'MEMPOOL_FULL' })
  assert.deepEqual(makeRoom(full().mempool, entry(count, 4)).length, 2)
  assert.deepEqual(makeRoom(full().mempool, entry(count, 1, new Uint8Array(32).fill(1))).length, 1)
})

test('who pays no more than those in place is refused, and the next like it at once', () => {
  const { mempool, count } = full()
  refuseTooCheap(mempool, entry(count, 2))
  assert.throws(() => makeRoom(mempool, entry(count, 2)), { code: 'MEMPOOL_FULL', score: 0 })
  assert.throws(() => refuseTooCheap(mempool, entry(count, 2)), { code: 'MEMPOOL_FULL' })
  refuseTooCheap(mempool, entry(count, 3))
  // A block made room.
  for (const one of [...mempool.values()].slice(0, 60)) mempool.remove(one.key)
  refuseTooCheap(mempool, entry(count, 2))
  mempool.clear()
  assert.equal(mempool.floor, 0)
})
