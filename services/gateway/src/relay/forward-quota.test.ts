import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ForwardQuota } from './forward-quota.ts'

/** Messages of so many bytes, each to so many peers, that pass at one moment. */
function passing(quota: ForwardQuota, { copies, bytes }: { copies: number; bytes: number }, nowMs: number): number {
  let passed = 0
  for (; passed < 10_000 && quota.open(nowMs); passed++) quota.spend(copies, bytes, nowMs)
  return passed
}

test('copies and bytes are counted, whichever is spent first, and come back with time', () => {
  const small = new ForwardQuota(0)
  assert.equal(passing(small, { copies: 1, bytes: 100 }, 0), 501)
  assert.equal(passing(small, { copies: 1, bytes: 100 }, 10), 0)
  assert.equal(passing(small, { copies: 1, bytes: 100 }, 1_000), 50)
  const large = new ForwardQuota(0)
  assert.equal(passing(large, { copies: 1, bytes: 4_000_000 }, 0), 3)
})

test('the largest message to a hundred peers passes once, and is paid for by a long silence', () => {
  const quota = new ForwardQuota(0)
  assert.equal(passing(quota, { copies: 100, bytes: 4_000_000 }, 0), 1)
  assert.equal(passing(quota, { copies: 1, bytes: 1 }, 600_000), 0)
  assert.ok(passing(quota, { copies: 1, bytes: 1 }, 900_000) > 0)
})
