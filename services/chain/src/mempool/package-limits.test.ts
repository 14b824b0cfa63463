import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Entry, Mempool } from './mempool.ts'
import { checkPackageLimits } from './package-limits.ts'
import { entry, id } from './testing/entries.ts'

const childOf = (parent: number, n: number, bytes = 200): Entry =>
  entry(n, { from: [{ txid: id(parent), index: n }], bytes, outputs: 100 })

test('25 in a row, itself counted, and not one more', () => {
  const mempool = new Mempool()
  mempool.add(entry(0))
  for (let n = 1; n < 25; n++) {
    checkPackageLimits(mempool, childOf(n - 1, n))
    mempool.add(childOf(n - 1, n))
  }
  assert.throws(() => checkPackageLimits(mempool, childOf(24, 25)), { code: 'TOO_MANY_ANCESTORS', score: 0 })
  assert.throws(() => checkPackageLimits(mempool, childOf(0, 25)), { code: 'TOO_MANY_DESCENDANTS', score: 0 })
})

test('101,000 bytes together, and not one more', () => {
  const mempool = new Mempool()
  mempool.add(entry(0, { bytes: 60_000 }))
  checkPackageLimits(mempool, childOf(0, 1, 41_000))
  assert.throws(() => checkPackageLimits(mempool, childOf(0, 1, 41_001)), { code: 'TOO_MANY_ANCESTORS' })
  mempool.add(childOf(0, 1, 30_000))
  assert.throws(() => checkPackageLimits(mempool, childOf(0, 2, 11_001)), { code: 'TOO_MANY_DESCENDANTS' })
  checkPackageLimits(mempool, childOf(0, 2, 11_000))
})
