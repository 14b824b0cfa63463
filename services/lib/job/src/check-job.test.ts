import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Job } from '@camelid/codec'
import { networkParams } from '@camelid/consensus'
import { checkJobInIsolation } from './check-job.ts'
import { deadlines } from './deadlines.ts'
import type { JobErrorCode } from './errors.ts'
import { fund, NOW_MS, params } from './testing/fixtures.ts'

const good = fund().job

test('a good job passes', () => {
  checkJobInIsolation(good, params, NOW_MS)
})

const cases: readonly [string, Partial<Job>, JobErrorCode][] = [
  ['another network', { magic: networkParams('main').magic }, 'WRONG_NETWORK'],
  ['no input', { input: [] }, 'EMPTY_INPUT'],
  ['an empty prompt', { input: [{ kind: 0, text: '' }] }, 'EMPTY_INPUT'],
  ['no tokens', { maxTokens: 0 }, 'BAD_MAX_TOKENS'],
  ['no reward', { reward: 0n }, 'BAD_REWARD'],
  ['more than all coins', { reward: 10n ** 17n }, 'BAD_REWARD'],
  ['a fee of more than all coins', { fee: 10n ** 17n }, 'BAD_REWARD'],
  ['a client key off the curve', { clientKey: new Uint8Array(33).fill(5) }, 'BAD_CLIENT_KEY'],
  [
    'a preferred node off the curve',
    { preferredNode: new Uint8Array(33).fill(2, 0, 1).fill(255, 1) },
    'BAD_PREFERRED_NODE',
  ],
  ['a clock ahead', { timestampMs: BigInt(NOW_MS + 2_501) }, 'TIMESTAMP_OFF'],
  ['a clock behind', { timestampMs: BigInt(NOW_MS - 2_501) }, 'TIMESTAMP_OFF'],
  ['an early timelock', { timelock: NOW_MS / 1000 + 14 }, 'TIMELOCK_TOO_EARLY'],
  ['a late timelock', { timelock: NOW_MS / 1000 + 161 }, 'TIMELOCK_TOO_LATE'],
]
for (const [name, change, code] of cases) {
  test(`refused: ${name}`, () => {
    assert.throws(() => checkJobInIsolation({ ...good, ...change }, params, NOW_MS), { code })
  })
}

test('a job that others saw before may be old when it is told, until nobody can commit to it; never ahead of the clock', () => {
  const { commit } = deadlines(params, good)
  checkJobInIsolation(good, params, commit * 1000, { told: true })
  const check = (nowMs: number) => () => checkJobInIsolation(good, params, nowMs, { told: true })
  assert.throws(check(commit * 1000 + 1), { code: 'DEADLINE_PASSED', score: 0 })
  assert.throws(check(Number(good.timestampMs) - 2_501), { code: 'TIMESTAMP_OFF' })
})

test('the limits themselves are allowed', () => {
  checkJobInIsolation({ ...good, timestampMs: BigInt(NOW_MS - 2_500), timelock: NOW_MS / 1000 + 13 }, params, NOW_MS)
  checkJobInIsolation({ ...good, timelock: NOW_MS / 1000 + 160 }, params, NOW_MS)
  checkJobInIsolation({ ...good, input: [], prefix: [1] }, params, NOW_MS)
})
