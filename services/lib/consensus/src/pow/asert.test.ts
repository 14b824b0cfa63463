import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testVectors } from '@camelid/crypto/testing/vector-test'
import fc from 'fast-check'
import { networkParams } from '../params/networks.ts'
import { judgeAsert } from '../testing/asert-run.ts'
import { nextBits } from './asert.ts'
import { bitsToTarget, targetToBits } from './compact-bits.ts'

testVectors('bits are those of the runs of aserti3-2d', { folder: 'asert', name: /./, judge: judgeAsert })

const LOCAL = networkParams('local')
const ANCHOR = { height: 1, parentTime: 1_000_000, bits: 0x1e00ffff }

test('a later parent never makes the next block harder, a higher one never easier', () => {
  const time = fc.integer({ min: 0, max: 4_000_000 })
  const height = fc.integer({ min: 1, max: 2_000_000 })
  fc.assert(
    fc.property(time, time, height, (a, b, at) => {
      const [early, late] = a < b ? [a, b] : [b, a]
      const targetAt = (seconds: number, h: number) =>
        bitsToTarget(nextBits(LOCAL, ANCHOR, { height: h, time: seconds }))
      assert.ok(targetAt(early, at) <= targetAt(late, at))
      assert.ok(targetAt(early, at + 1) <= targetAt(early, at))
    }),
  )
})

test('a half-life late is half the difficulty, a half-life early twice', () => {
  const onTime = { height: 101, time: ANCHOR.parentTime + 101 }
  const target = bitsToTarget(ANCHOR.bits)
  assert.equal(nextBits(LOCAL, ANCHOR, onTime), ANCHOR.bits)
  const late = { ...onTime, time: onTime.time + LOCAL.asertHalfLife }
  assert.equal(nextBits(LOCAL, ANCHOR, late), targetToBits(target * 2n))
  const early = { ...onTime, time: onTime.time - LOCAL.asertHalfLife }
  assert.equal(nextBits(LOCAL, ANCHOR, early), targetToBits(target / 2n))
})

test('bits stay between the hardest and the limit, however far off the clock', () => {
  assert.equal(nextBits(LOCAL, ANCHOR, { height: 2, time: 4_294_967_295 }), LOCAL.powLimitBits)
  assert.equal(nextBits(LOCAL, ANCHOR, { height: 400_000_000, time: 1_000_000 }), targetToBits(1n))
})
