import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { binomialUpperTail } from '../binomial.ts'
import { detectionInOutput, detectionProbability, positionsToDetect, survivalProbability } from './detection.ts'
import { positionsNeeded } from './positions-needed.ts'
import { advantageOfHonesty, breakEvenSuccess, honestLoss, type Stakes, slashNeeded } from './slash.ts'

const share = fc.double({ min: 0, max: 1, noNaN: true })
const inside = fc.double({ min: 0.001, max: 0.999, noNaN: true })

describe('the probability of being seen', () => {
  it('is that of paper §2.6 for random tokens of GPT-2, whose 7.78e-15 is a slip of the pen', () => {
    assert.equal(survivalProbability(1 / 50_257, 3).toPrecision(3), '7.88e-15')
  })

  it('is q^k for a model that mostly agrees, so three positions let nearly all of Q8_0 through (rastic: What it is worth)', () => {
    // Published agreement with the full model at three positions: Q8_0, Q4_K_M, 2–3 bits, a small model of the family.
    const survive = (...agreements: number[]) => agreements.map((q) => survivalProbability(q, 3).toFixed(2))
    assert.deepEqual(survive(0.977, 0.989), ['0.93', '0.97'])
    assert.deepEqual(survive(0.92, 0.95), ['0.78', '0.86'])
    assert.deepEqual(survive(0.71, 0.86), ['0.36', '0.64'])
    assert.deepEqual(survive(0.57, 0.82), ['0.19', '0.55'])
  })

  it('counts 21 positions against the design strength of 20 % at one in a hundred', () => {
    assert.equal(positionsToDetect(0.2, 0.99), 21)
    assert.equal(positionsToDetect(0.5, 0.75), 2)
    assert.equal(positionsToDetect(0, 0.5), Number.POSITIVE_INFINITY)
    assert.equal(positionsToDetect(1, 0.5), 1)
  })

  it('takes the fewest positions that reach the target', () => {
    fc.assert(
      fc.property(inside, inside, (disagreement, detection) => {
        const positions = positionsToDetect(disagreement, detection)
        assert.ok(detectionProbability(disagreement, positions) >= detection - 1e-12)
        assert.ok(positions === 1 || detectionProbability(disagreement, positions - 1) < detection)
      }),
    )
  })

  it('keeps its precision where a cheat differs seldom', () => {
    assert.ok(Math.abs(detectionProbability(1e-18, 1000) / 1e-15 - 1) < 1e-9)
    assert.equal(detectionProbability(1, 0), 0)
    assert.equal(detectionProbability(1, 1), 1)
  })

  it('is k / B for one wrong token, and 1 for any where all are checked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), (tokens, k, w) => {
        const positions = k % (tokens + 1)
        const wrong = w % (tokens + 1)
        const one = detectionInOutput({ tokens, wrong: 1, positions })
        assert.ok(Math.abs(one - positions / tokens) < 1e-9)
        assert.equal(detectionInOutput({ tokens, wrong, positions: tokens }), wrong === 0 ? 0 : 1)
        // Without repetition never worse than with.
        const withRepetition = detectionProbability(wrong / tokens, positions)
        assert.ok(detectionInOutput({ tokens, wrong, positions }) >= withRepetition - 1e-9)
      }),
    )
  })
})

describe('the positions that a test needs', () => {
  const target = { honestRate: 0.004, falseAlarm: 1e-3, power: 0.99 }

  it('are those of rastic.md', () => {
    assert.equal(positionsNeeded({ ...target, disagreement: 0.35 })?.positions, 21)
    assert.equal(positionsNeeded({ ...target, disagreement: 0.2 })?.positions, 39)
    assert.equal(positionsNeeded({ ...target, disagreement: 0.08 })?.positions, 142)
    // 860 stands beside a rounded 2.3 %: it belongs to 2.33 %, and at 2.3 % it is 871.
    assert.equal(positionsNeeded({ ...target, disagreement: 0.023 })?.positions, 871)
    const [most, least] = [0.0225, 0.0235].map(
      (disagreement) => positionsNeeded({ ...target, disagreement })?.positions,
    )
    assert.ok(least !== undefined && most !== undefined && least <= 860 && 860 <= most, `${least} to ${most}`)
  })

  it('hold both error rates, and one fewer does not', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        fc.double({ min: 0, max: 0.01, noNaN: true }),
        (disagreement, honestRate) => {
          const found = positionsNeeded({ ...target, disagreement, honestRate })
          assert.ok(found !== undefined)
          const { positions, alarmAt } = found
          assert.ok(binomialUpperTail(positions, honestRate, alarmAt) <= target.falseAlarm)
          assert.ok(binomialUpperTail(positions, disagreement, alarmAt) >= target.power)
          for (let from = 1; from < positions; from++) {
            const sees = binomialUpperTail(positions - 1, disagreement, from) >= target.power
            assert.ok(!sees || binomialUpperTail(positions - 1, honestRate, from) > target.falseAlarm)
          }
        },
      ),
    )
  })

  it('do not exist for a cheat that differs no more than an honest node', () => {
    assert.equal(positionsNeeded({ ...target, disagreement: 0.004 }), undefined)
    assert.equal(positionsNeeded({ ...target, disagreement: 0.005 }, 500), undefined)
  })
})

describe('the slash', () => {
  const stakes: Stakes = {
    honestCost: 1,
    cheatCost: 0.2,
    reward: 1.5,
    checked: 0.1,
    detection: 0.99,
    falseAlarm: 1e-6,
    colluding: 0.3,
    verifiers: 2,
  }

  it('is the one of rastic.md', () => {
    assert.ok(Math.abs(slashNeeded(stakes) - (0.8 / (0.1 * (0.99 - 1e-6) * (1 - 0.09)) - 1.5)) < 1e-12)
    assert.ok(Math.abs(honestLoss(stakes, 8) - 0.1 * 1e-6 * 9.5) < 1e-18)
  })

  it('is where both ways of working earn the same, and honesty wins above it', () => {
    const some: fc.Arbitrary<Stakes> = fc.record({
      honestCost: fc.double({ min: 0, max: 100, noNaN: true }),
      cheatCost: fc.double({ min: 0, max: 100, noNaN: true }),
      reward: fc.double({ min: 0, max: 100, noNaN: true }),
      checked: share,
      detection: share,
      falseAlarm: share,
      colluding: share,
      verifiers: fc.integer({ min: 1, max: 7 }),
    })
    fc.assert(
      fc.property(some, (any) => {
        const slash = slashNeeded(any)
        if (!Number.isFinite(slash) || slash > 1e9) return
        const scale = any.honestCost + any.cheatCost + any.reward + slash + 1
        assert.ok(advantageOfHonesty(any, slash) >= -1e-9 * scale)
        if (slash > 0) assert.ok(Math.abs(advantageOfHonesty(any, slash)) < 1e-9 * scale)
        if (any.checked * (any.detection - any.falseAlarm) * (1 - any.colluding ** any.verifiers) > 1e-3)
          assert.ok(advantageOfHonesty(any, slash + 1) > 0)
      }),
    )
  })

  it('cannot help where verifiers collude or see nothing, and need not where the cheat saves nothing', () => {
    assert.equal(slashNeeded({ ...stakes, colluding: 1 }), Number.POSITIVE_INFINITY)
    assert.equal(slashNeeded({ ...stakes, detection: 0 }), Number.POSITIVE_INFINITY)
    assert.equal(slashNeeded({ ...stakes, cheatCost: 1 }), 0)
    assert.equal(slashNeeded({ ...stakes, checked: 1, colluding: 0 }), 0)
  })

  it('asks a lazy guesser to be right half the time, or two thirds at a stake of twice the reward', () => {
    assert.equal(breakEvenSuccess(1, 1), 0.5)
    assert.equal(breakEvenSuccess(1, 2), 2 / 3)
    // Guessing with that success earns exactly nothing.
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (r, s) => {
          const right = breakEvenSuccess(r, s)
          assert.ok(Math.abs(right * r - (1 - right) * s) < 1e-9 * (r + s))
        },
      ),
    )
  })

  it('refuses numbers that are no rates, costs or counts', () => {
    for (const wrong of [{ detection: 1.1 }, { reward: -1 }, { verifiers: 0.5 }, { checked: Number.NaN }])
      assert.throws(() => slashNeeded({ ...stakes, ...wrong }), { code: 'BAD_PARAMETER' })
    assert.throws(() => survivalProbability(2, 1), { code: 'BAD_PARAMETER' })
    assert.throws(() => detectionProbability(0.1, -1), { code: 'BAD_PARAMETER' })
    assert.throws(() => breakEvenSuccess(0, 0), { code: 'BAD_PARAMETER' })
  })
})
