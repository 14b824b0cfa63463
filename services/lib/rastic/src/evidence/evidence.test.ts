import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Cheat, type CheatModel, cheatModel, FINE_QUANTISATION } from './cheat-model.ts'
import { addEvidence, type Evidence, NANO, NO_EVIDENCE } from './evidence.ts'
import { driftOf, expectedPositions } from './expected-positions.ts'
import { boundsOf, judgeEvidence, STANDING_RATES } from './judge-evidence.ts'
import { encodeStanding, NEW_STANDING, parseStanding, type Standing, updateStanding } from './standing.ts'
import { weighMargin, weighMargins } from './weigh-margins.ts'

/** The figures of the profile that ships with camelid-tiny-F16. */
const profile = { tau: 0.05, missRate: 9.5e-5, tailScale: 0.02 }
const model = cheatModel(profile, FINE_QUANTISATION)
const rates = { falseAlarm: 0.01, missedCheat: 0.05 }
const margins = fc.array(
  fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2, noNaN: true }), fc.constant(Number.POSITIVE_INFINITY)),
  { maxLength: 50 },
)

/** A stream of numbers in [0, 1) that is the same in each run (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Margins as a node has them that misses so. */
function draw({ disagreement, marginScale }: Cheat, next: () => number): number {
  return next() < disagreement ? profile.tau - marginScale * Math.log(1 - next()) : 0
}

/** Positions until the test ends, and what it finds. */
function runTest(of: CheatModel, truth: Cheat, next: () => number): { verdict: string; positions: number } {
  let evidence: Evidence = NO_EVIDENCE
  for (;;) {
    evidence = addEvidence(evidence, weighMargins(of, [draw(truth, next)]))
    const verdict = judgeEvidence(evidence, rates)
    if (verdict !== 'OPEN') return { verdict, positions: evidence.positions }
  }
}

describe('evidence', () => {
  it('is the same in any order and any parts', () => {
    fc.assert(
      fc.property(margins, margins, margins, (a, b, c) => {
        const whole = weighMargins(model, [...a, ...b, ...c])
        const [x, y, z] = [a, b, c].map((part) => weighMargins(model, part))
        assert.ok(x !== undefined && y !== undefined && z !== undefined)
        assert.deepEqual(addEvidence(z, addEvidence(y, x)), whole)
        assert.deepEqual(addEvidence(addEvidence(x, NO_EVIDENCE), addEvidence(z, y)), whole)
        assert.deepEqual(weighMargins(model, [...c, ...a, ...b].toReversed()), whole)
      }),
    )
  })

  it('grows with the margin, and no further than the cap', () => {
    const margin = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(margin, margin, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        assert.ok(weighMargin(model, low) <= weighMargin(model, high))
      }),
    )
    assert.equal(weighMargin(model, Number.POSITIVE_INFINITY), weighMargin(model, model.cap))
    assert.ok(weighMargin(model, model.tau) < 0)
    assert.equal(weighMargin(model, 0), weighMargin(model, model.tau))
  })

  it('weighs an honest node at most even: the mean likelihood ratio over its margins is 1', () => {
    // Riemann sum over the honest density between tau and the cap; below and above it are single cases.
    const { tau, cap, honest } = model
    const density = (m: number): number =>
      (honest.disagreement / honest.marginScale) * Math.exp(-(m - tau) / honest.marginScale)
    const ratio = (m: number): number => Math.exp(weighMargin(model, m) / NANO)
    const step = (cap - tau) / 20_000
    let mean = (1 - honest.disagreement) * ratio(0)
    for (let m = tau + step / 2; m < cap; m += step) mean += density(m) * ratio(m) * step
    mean += honest.disagreement * Math.exp(-(cap - tau) / honest.marginScale) * ratio(cap)
    assert.ok(Math.abs(mean - 1) < 1e-6, `${mean}`)
  })

  it('is refused for a cheat that cannot be told from an honest node', () => {
    for (const cheat of [
      { disagreement: 9.5e-5, marginScale: 0.02 },
      { disagreement: 0.01, marginScale: 0.01 },
      { disagreement: 2e-4, marginScale: 0.1 },
      { disagreement: 1, marginScale: 0.1 },
      { disagreement: Number.NaN, marginScale: 0.1 },
    ])
      assert.throws(() => cheatModel(profile, cheat), { code: 'BAD_PARAMETER' }, JSON.stringify(cheat))
  })
})

describe('the sequential test', () => {
  const noisy = cheatModel({ tau: 0.05, missRate: 0.01, tailScale: 0.02 }, { disagreement: 0.08, marginScale: 0.1 })

  it('errs less often than its rates, on honest nodes and on cheats', () => {
    const next = random(1)
    const runs = 1500
    const count = (truth: Cheat, verdict: string): number =>
      Array.from({ length: runs }, () => runTest(noisy, truth, next)).filter((run) => run.verdict === verdict).length
    // Three standard errors above the rates themselves.
    assert.ok(count(noisy.honest, 'CHEATING') <= runs * rates.falseAlarm + 3 * Math.sqrt(runs * rates.falseAlarm))
    assert.ok(count(noisy.cheat, 'HONEST') <= runs * rates.missedCheat + 3 * Math.sqrt(runs * rates.missedCheat))
    // More honest than the profile's bound, and a stronger cheat, are easier.
    assert.equal(count({ disagreement: 0.001, marginScale: 0.01 }, 'CHEATING'), 0)
    assert.equal(count({ disagreement: 0.35, marginScale: 1 }, 'HONEST'), 0)
  })

  it('takes as many positions as expected, and at most one step beyond', () => {
    const next = random(2)
    const runs = 1500
    const longest = (drift: number): number => Math.abs(weighMargin(noisy, drift > 0 ? 1 : 0)) / NANO / Math.abs(drift)
    for (const truth of [noisy.honest, noisy.cheat]) {
      const lengths = Array.from({ length: runs }, () => runTest(noisy, truth, next).positions)
      const mean = lengths.reduce((sum, length) => sum + length, 0) / runs
      const expected = expectedPositions(noisy, truth, rates)
      const most = expected + longest(driftOf(noisy, truth))
      // A tenth of room for chance, and for the few that end at the wrong bound.
      assert.ok(mean > 0.9 * expected && mean < 1.1 * most, `${mean}, expected ${expected} to ${most}`)
    }
    assert.ok(driftOf(noisy, noisy.honest) < 0 && driftOf(noisy, noisy.cheat) > 0)
  })

  it('finds a fine quantisation, which no single job shows, within some thousand positions', () => {
    const positions = expectedPositions(model, FINE_QUANTISATION, STANDING_RATES)
    assert.ok(positions > 1000 && positions < 10_000, `${positions}`)
    assert.ok(expectedPositions(model, { disagreement: 0.08, marginScale: 0.5 }, STANDING_RATES) < 50)
    assert.ok(expectedPositions(model, model.honest, STANDING_RATES) < 10_000)
  })

  it('never ends on a single position, however wild', () => {
    assert.equal(judgeEvidence(weighMargins(model, [Number.POSITIVE_INFINITY]), STANDING_RATES), 'OPEN')
  })

  it('refuses error rates that are none', () => {
    for (const wrong of [0, 0.5, -1, Number.NaN])
      assert.throws(() => boundsOf({ ...rates, falseAlarm: wrong }), { code: 'BAD_PARAMETER' })
  })
})

describe('a standing', () => {
  const of = (positions: number, misses: number): Evidence =>
    weighMargins(model, [...Array<number>(misses).fill(1), ...Array<number>(positions - misses).fill(0)])

  it('passes tests while the node is honest, and keeps no credit from them', () => {
    let standing = NEW_STANDING
    const verdicts = new Set<string>()
    for (let job = 0; job < 300; job++) {
      standing = updateStanding(standing, of(160, 0), STANDING_RATES)
      verdicts.add(standing.verdict)
    }
    assert.deepEqual([...verdicts], ['OPEN', 'HONEST'])
    assert.ok(standing.passed > 5)
    const lowest = Math.log(STANDING_RATES.missedCheat) * NANO
    assert.ok(standing.evidence.weight > lowest)
    // From here on it cheats, and is found out as soon as a node without past that is ln(1/β) behind.
    for (let job = 0; job < 200 && standing.verdict !== 'CHEATING'; job++)
      standing = updateStanding(standing, of(160, 1), STANDING_RATES)
    assert.equal(standing.verdict, 'CHEATING')
  })

  it('stays lost', () => {
    let standing = updateStanding(NEW_STANDING, of(10, 10), STANDING_RATES)
    assert.equal(standing.verdict, 'CHEATING')
    standing = updateStanding(standing, of(1_000_000, 0), STANDING_RATES)
    assert.equal(standing.verdict, 'CHEATING')
    assert.equal(standing.evidence.positions, 1_000_010)
  })

  it('is kept as one line, and read back the same', () => {
    fc.assert(
      fc.property(fc.array(margins, { maxLength: 20 }), (jobs) => {
        let standing: Standing = NEW_STANDING
        for (const job of jobs) {
          standing = updateStanding(standing, weighMargins(model, job), STANDING_RATES)
          assert.deepEqual(parseStanding(encodeStanding(standing)), standing)
        }
        assert.ok(!encodeStanding(standing).includes('\n'))
      }),
    )
  })

  it('that was changed is refused by name', () => {
    const good = JSON.parse(encodeStanding(updateStanding(NEW_STANDING, of(100, 1), STANDING_RATES)))
    for (const wrong of [
      { verdict: 'GOOD' },
      { weight: 0.5 },
      { weight: 1e300 },
      { misses: 101 },
      { positions: -1 },
      { positions: 0, misses: 0 },
      { verdict: 'HONEST' },
      { version: 2 },
      { more: 1 },
    ])
      assert.throws(() => parseStanding(JSON.stringify({ ...good, ...wrong })), { code: 'BAD_STANDING' })
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        assert.throws(() => parseStanding(text), { code: 'BAD_STANDING' })
      }),
    )
  })
})
