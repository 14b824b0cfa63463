import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TokenBucket } from './token-bucket.ts'

test('a burst passes at once, then the rate holds', () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 5, nowMs: 0 })
  for (let i = 0; i < 5; i++) assert.equal(bucket.take(1, 0), 0)
  assert.equal(bucket.take(1, 0), 100)
  assert.equal(bucket.take(1, 100), 100)
  assert.equal(bucket.take(0, 10_000), 0)
})

test('what is larger than the burst passes, and is paid for afterwards', () => {
  const bucket = new TokenBucket({ perSecond: 1_000, burst: 1_000, nowMs: 0 })
  assert.equal(bucket.take(5_000, 0), 4_000)
})

test('tryTake takes all or nothing, and a clock that steps back refills nothing', () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 2, nowMs: 1_000 })
  assert.ok(bucket.tryTake(2, 1_000))
  assert.ok(!bucket.tryTake(1, 500))
  assert.ok(bucket.tryTake(1, 1_500 + 1_000))
})
