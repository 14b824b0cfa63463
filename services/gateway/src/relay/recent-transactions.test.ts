import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecentTransactions } from './recent-transactions.ts'

test('what came last is kept, within its bytes, and holds no larger buffer', () => {
  const recent = new RecentTransactions(10_000)
  const frame = new Uint8Array(100_000)
  for (let i = 0; i < 100; i++) recent.add(`tx ${i}`, frame.subarray(i, i + 744))
  const kept = Array.from({ length: 100 }, (_, i) => recent.get(`tx ${i}`)).filter((each) => each !== undefined)
  assert.deepEqual([kept.length, recent.get('tx 99')?.buffer.byteLength], [10, 744])
  assert.equal(recent.get('tx 89'), undefined)
  recent.add('tx 99', new Uint8Array(1))
  assert.equal(recent.get('tx 99')?.length, 744)
})
