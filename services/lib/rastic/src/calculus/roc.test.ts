import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { areaUnder, detectionAt, rocCurve } from './roc.ts'

const scores = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Number.POSITIVE_INFINITY)), {
  minLength: 1,
  maxLength: 40,
})

test('the area is the probability that a cheat scores above an honest node, ties half', () => {
  fc.assert(
    fc.property(scores, scores, (honest, cheats) => {
      let wins = 0
      for (const cheat of cheats) for (const node of honest) wins += cheat > node ? 1 : cheat === node ? 0.5 : 0
      assert.ok(Math.abs(areaUnder(rocCurve(honest, cheats)) - wins / honest.length / cheats.length) < 1e-12)
    }),
  )
})

test('the curve rises from nothing to all', () => {
  fc.assert(
    fc.property(scores, scores, (honest, cheats) => {
      const points = rocCurve(honest, cheats)
      assert.deepEqual(points[0], { falseAlarm: 0, detection: 0 })
      assert.deepEqual(points.at(-1), { falseAlarm: 1, detection: 1 })
      for (const [i, { falseAlarm, detection }] of points.entries())
        assert.ok(falseAlarm >= (points[i - 1]?.falseAlarm ?? 0) && detection >= (points[i - 1]?.detection ?? 0))
    }),
  )
})

test('detection is the best point of the curve at that false alarm', () => {
  fc.assert(
    fc.property(scores, scores, fc.constantFrom(0, 0.01, 0.25, 0.5), (honest, cheats, falseAlarm) => {
      const best = rocCurve(honest, cheats)
        .filter((point) => point.falseAlarm <= falseAlarm)
        .reduce((most, { detection }) => Math.max(most, detection), 0)
      assert.equal(detectionAt(honest, cheats, falseAlarm), best)
    }),
  )
})

test('scores that tell nothing are worth nothing', () => {
  assert.equal(areaUnder(rocCurve([1, 1], [1, 1])), 0.5)
  assert.equal(detectionAt([0, 0, 0], [0, 0, 1], 0.01), 1 / 3)
  assert.throws(() => detectionAt([0], [1], 2), { code: 'BAD_PARAMETER' })
})
