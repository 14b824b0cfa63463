import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HashMeter } from './hash-meter.ts'

test('a steady rate is found within a few percent from the first minute on, and forgotten when shares stop', () => {
  const meter = new HashMeter(0)
  let now = 0
  for (; now < 60_000; now += 1_000) meter.add(5_000_000, now)
  assert.ok(Math.abs(meter.rate(now) / 5_000_000 - 1) < 0.05, `${meter.rate(now)}`)
  for (; now < 1_200_000; now += 1_000) meter.add(5_000_000, now)
  assert.ok(Math.abs(meter.rate(now) / 5_000_000 - 1) < 0.05, `${meter.rate(now)}`)
  assert.ok(meter.rate(now + 3_000_000) < 1_000)
})
