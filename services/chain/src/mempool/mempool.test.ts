import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OutPoint, outPointKey, type Transaction } from '@camelid/codec'
import { networkParams } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import fc from 'fast-check'
import { selectTransactions } from '../template/select-transactions.ts'
import { type Entry, Mempool } from './mempool.ts'

const params = networkParams('local')
const id = (n: number) => new Uint8Array(32).fill(n)

function entry(
  n: number,
  options: { from?: OutPoint; fee?: bigint; lockTime?: number; settlement?: string; jobId?: Uint8Array } = {},
): Entry {
  const prevout = options.from ?? { txid: id(255), index: n }
  const tx: Transaction = {
    version: 1,
    vin: [{ prevout, scriptSig: new Uint8Array(), sequence: 0xfffffffe }],
    vout: [
      { value: 1n, scriptPubKey: new Uint8Array() },
      { value: 1n, scriptPubKey: new Uint8Array() },
    ],
    lockTime: options.lockTime ?? 0,
    jobId: options.jobId ?? id(0),
  }
  return {
    txid: id(n),
    key: bytesToHex(id(n)),
    tx,
    raw: new Uint8Array(200),
    fee: options.fee ?? 200n,
    sigops: 1,
    jobId: options.jobId ?? null,
    settlement: options.settlement ?? null,
    byVerdict: false,
    addedAtMs: 0,
  }
}

const select = (mempool: Mempool, medianTime = 1_000_000_000) =>
  selectTransactions(mempool, { height: 10, medianTime, params }).entries.map(({ txid }) => txid[0])

test('what was added and removed leaves nothing behind', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 30 }), (ids) => {
      const mempool = new Mempool()
      const entries = ids.map((n) => entry(n, { settlement: `s${n % 3}`, jobId: id(n) }))
      for (const one of entries) mempool.add(one)
      for (const one of entries) {
        assert.equal(mempool.spenderOf(outPointKey({ txid: id(255), index: one.txid[0] ?? 0 })), one)
        assert.equal(mempool.reservationOf(one.txid), one)
        mempool.remove(one.key)
        assert.equal(mempool.reservationOf(one.txid), undefined)
      }
      assert.deepEqual([mempool.size, mempool.bytes, mempool.withSettlement('s1').length], [0, 0, 0])
    }),
  )
})

test('descendants come with what they rest on, parents first', () => {
  const mempool = new Mempool()
  const parent = entry(1)
  const child = entry(2, { from: { txid: id(1), index: 0 } })
  const grandchild = entry(3, { from: { txid: id(2), index: 1 } })
  for (const one of [parent, child, grandchild, entry(4)]) mempool.add(one)
  assert.deepEqual(mempool.withDescendants(parent.key), [parent, child, grandchild])
  assert.deepEqual([...mempool.ancestorsOf(grandchild.tx, 25)].sort(), [parent.key, child.key])
})

test('a template takes the best paying, parents before children, each settlement once, and nothing that is locked', () => {
  const mempool = new Mempool()
  mempool.add(entry(1, { fee: 100n }))
  mempool.add(entry(2, { fee: 9_000n, from: { txid: id(1), index: 0 } }))
  mempool.add(entry(3, { fee: 500n, settlement: 'same' }))
  mempool.add(entry(4, { fee: 600n, settlement: 'same' }))
  mempool.add(entry(5, { fee: 700n, lockTime: 1_000_000_000 }))
  mempool.add(entry(6, { fee: 800n, lockTime: 999_999_999 }))
  assert.deepEqual(select(mempool), [6, 4, 1, 2])
  assert.deepEqual(select(mempool, 1_000_000_001), [6, 5, 4, 1, 2])
})

test('a template stays within the bytes of a block', () => {
  const mempool = new Mempool()
  for (let n = 1; n <= 50; n++) mempool.add({ ...entry(n, { fee: BigInt(n) * 100_000n }), raw: new Uint8Array(99_000) })
  const { entries } = selectTransactions(mempool, { height: 10, medianTime: 1, params })
  assert.equal(entries.length, 40)
  assert.equal(entries[0]?.txid[0], 50)
})
