import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkParams } from '@camelid/consensus'
import fc from 'fast-check'
import { deadlines, earliestTimelock, latestTimelock, timestampTolerance } from './deadlines.ts'
import { NOW_MS, params } from './testing/fixtures.ts'

test('with the shortest timelock each step is W', () => {
  const timelock = earliestTimelock(params, BigInt(NOW_MS))
  assert.equal(timelock, NOW_MS / 1000 + 15)
  assert.deepEqual(deadlines(params, { timestampMs: BigInt(NOW_MS), timelock }), {
    step: 5,
    commit: timelock - 10,
    payment: timelock - 8.75,
    delivery: timelock - 7.5,
    bareClaim: timelock - 5,
    claim: timelock - 3.75,
    attest: timelock - 1.25,
  })
})

test('with a late timelock a step is a quarter of the time there is', () => {
  const timelock = NOW_MS / 1000 + 100
  assert.equal(deadlines(params, { timestampMs: BigInt(NOW_MS), timelock }).step, 25)
  assert.equal(deadlines(params, { timestampMs: BigInt(NOW_MS), timelock }).commit, timelock - 50)
})

test('main: 3 W after the timestamp at the earliest, 2 W + V·spacing/4 at the latest, clocks within a minute', () => {
  const main = networkParams('main')
  assert.equal(earliestTimelock(main, BigInt(NOW_MS)), NOW_MS / 1000 + 1_800)
  assert.equal(latestTimelock(main, BigInt(NOW_MS)), NOW_MS / 1000 + 3_000)
  assert.equal(timestampTolerance(main), 60_000)
  assert.equal(timestampTolerance(params), 2_500)
})

test('every allowed timelock puts the deadlines in their order, after the timestamp', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('main', 'test', 'local'),
      fc.nat(1_000_000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (name, offset, at) => {
        const network = networkParams(name)
        const timestampMs = BigInt(NOW_MS + offset)
        const first = earliestTimelock(network, timestampMs)
        const timelock = first + Math.floor(at * (latestTimelock(network, timestampMs) - first))
        const d = deadlines(network, { timestampMs, timelock })
        const order = [
          Number(timestampMs) / 1000,
          d.commit,
          d.payment,
          d.delivery,
          d.bareClaim,
          d.claim,
          d.attest,
          timelock,
        ]
        assert.deepEqual(
          order,
          [...order].sort((a, b) => a - b),
        )
        assert.ok(d.commit - Number(timestampMs) / 1000 >= network.contestWindow)
      },
    ),
  )
})
