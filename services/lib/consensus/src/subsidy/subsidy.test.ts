import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COIN } from '../params/units.ts'
import { subsidy } from './subsidy.ts'

test('the reward halves every 1,000,000 blocks and ends', () => {
  assert.equal(subsidy(1), 50n * COIN)
  assert.equal(subsidy(999_999), 50n * COIN)
  assert.equal(subsidy(1_000_000), 25n * COIN)
  assert.equal(subsidy(32_000_000), 1n)
  assert.equal(subsidy(33_000_000), 0n)
  assert.equal(subsidy(2 ** 40), 0n)
})

test('all rewards together stay below 100,000,000 coins', () => {
  let total = 0n
  for (let era = 0; era < 64; era++) total += subsidy(era * 1_000_000) * 1_000_000n
  assert.ok(total <= 100_000_000n * COIN)
  assert.ok(total > 99_999_999n * COIN)
})
