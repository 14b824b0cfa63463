import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Profile } from '../profile.ts'
import { checkByNeighbours } from './check-by-neighbours.ts'
import { canForceInvalid, falseAgreement, falseValid, overLiars } from './collusion.ts'
import type { Answer } from './judge-index.ts'
import { toleratedMisses } from './judge-positions.ts'

const profile: Profile = {
  version: 1,
  model: { name: 'toy', sha256: '00'.repeat(32) },
  engine: 'toy 1',
  pairs: [{ generator: 'toy', verifier: 'toy' }],
  tau: 0.05,
  missRate: 1e-4,
  tailScale: 0.02,
  falseAlarm: 1e-6,
  designDisagreement: 0.2,
  measured: {},
}

/** xorshift: the same draws in every run. */
function randomOf(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const anyAnswer = fc.constantFrom<Answer>('agree', 'near-tie', 'disagree', 'silent', 'refused', 'forged')
/** What two liars say, question by question; when it ends it begins anew. */
const scripts = fc.tuple(fc.array(anyAnswer, { minLength: 1 }), fc.array(anyAnswer, { minLength: 1 }))

/** Neighbours 0 … liars − 1 lie as `lie` says, the others tell where the output differs from F's. */
async function check(args: {
  neighbours: number
  liars: number
  tokens: number
  seed: number
  wrong: (index: number) => boolean
  lie: (liar: number, turn: number, index: number) => Answer
}) {
  const { neighbours, liars, tokens, seed, wrong, lie } = args
  const asked: number[] = []
  let turn = 0
  const report = await checkByNeighbours({
    tokens,
    profile,
    neighbours: Array.from({ length: neighbours }, (_, i) => i),
    random: randomOf(seed),
    ask: (neighbour, { kind, index }) => {
      if (kind === 'token' && asked.at(-1) !== index) asked.push(index)
      if (neighbour < liars) return Promise.resolve(lie(neighbour, turn++, index))
      return Promise.resolve(kind === 'token' && wrong(index) ? 'disagree' : 'agree')
    },
  })
  return { report, asked }
}

describe('neighbours who check for somebody without the model', () => {
  it('call an honest output VALID where all are honest, over enough positions, the first and the last among them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 7 }),
        fc.integer({ min: 1, max: 300 }),
        fc.nat(),
        async (neighbours, tokens, seed) => {
          const { report, asked } = await check({
            neighbours,
            tokens,
            seed,
            liars: 0,
            wrong: () => false,
            lie: () => 'agree',
          })
          assert.equal(report.verdict, 'VALID', report.reason)
          assert.equal(report.positionsChecked, Math.min(tokens, 21))
          assert.deepEqual([asked[0], asked.at(-1)], [0, tokens - 1])
          assert.ok(
            asked.every((index, i) => i === 0 || index > (asked[i - 1] ?? -1)),
            'rising, so that no question shows an open answer',
          )
          assert.ok([...report.votes.values()].every(({ right, outvoted }) => right > 0 || outvoted === 0))
        },
      ),
    )
  })

  it('never call an honest output INVALID, nor a false one VALID beyond what is tolerated, whatever two of them say', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          neighbours: fc.integer({ min: 2, max: 7 }),
          tokens: fc.integer({ min: 1, max: 120 }),
          seed: fc.nat(),
        }),
        scripts,
        fc.integer({ min: 0, max: 100 }),
        async (setting, script, percent) => {
          const lie = (liar: number, turn: number): Answer =>
            script[liar]?.[turn % (script[liar]?.length ?? 1)] ?? 'silent'
          const honest = await check({ ...setting, liars: 2, wrong: () => false, lie })
          assert.notEqual(honest.report.verdict, 'INVALID', honest.report.reason)
          assert.equal(honest.report.misses, 0)

          const differs = randomOf(setting.seed + 1)
          const draws = Array.from({ length: setting.tokens }, () => differs(100) < percent)
          const wrong = (index: number): boolean => draws[index] === true
          const { report, asked } = await check({ ...setting, liars: 2, wrong, lie })
          if (report.verdict !== 'VALID') return
          assert.ok(setting.neighbours > 2, 'two alone suffice for nothing')
          assert.ok(asked.filter(wrong).length <= Math.max(0, toleratedMisses(report.positionsChecked, profile)))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('call a false output INVALID against two liars as soon as the others are two thirds', async () => {
    for (let seed = 0; seed < 50; seed++) {
      const { report } = await check({
        neighbours: 6,
        liars: 2,
        tokens: 100,
        seed,
        wrong: (index) => index % 2 === 1,
        lie: () => 'agree',
      })
      assert.equal(report.verdict, 'INVALID', report.reason)
      assert.equal(report.firstDivergence % 2, 1)
      for (const [neighbour, { right, outvoted }] of report.votes) {
        if (neighbour < 2) assert.ok(outvoted >= 3)
        else assert.ok(right > 0 && outvoted === 0)
      }
    }
  })

  it('come to no verdict where they are too few, silent, or forge', async () => {
    const setting = { tokens: 50, seed: 1, wrong: () => false }
    const few = await check({ ...setting, neighbours: 2, liars: 0, lie: () => 'agree' })
    assert.equal(few.report.verdict, 'INCONCLUSIVE')
    assert.match(few.report.reason, /fewer than 3 neighbours/)
    for (const answer of ['silent', 'refused', 'forged'] as const) {
      const { report } = await check({ ...setting, neighbours: 3, liars: 1, lie: () => answer })
      assert.equal(report.verdict, 'INCONCLUSIVE')
      const spared = await check({ ...setting, neighbours: 4, liars: 1, lie: () => answer })
      assert.equal(spared.report.verdict, 'VALID', spared.report.reason)
      assert.ok((spared.report.votes.get(0)?.[answer] ?? 0) <= 2, 'asked no more after two')
    }
  })

  it('call nothing VALID that is F’s choice only nearly, again and again', async () => {
    const { report } = await check({
      neighbours: 3,
      liars: 3,
      tokens: 100,
      seed: 3,
      wrong: () => false,
      lie: () => 'near-tie',
    })
    assert.equal(report.verdict, 'INCONCLUSIVE')
  })
})

describe('the calculus of collusion', () => {
  it('gives two liars nothing, and more of them no more than it says', async () => {
    for (let neighbours = 3; neighbours <= 7; neighbours++) {
      assert.equal(falseAgreement({ neighbours, liars: 2 }), 0)
      assert.equal(canForceInvalid({ neighbours, liars: 2 }), false)
    }
    const tokens = 2_000
    for (const [neighbours, liars, percent] of [
      [5, 3, 10],
      [6, 3, 15],
      [7, 4, 10],
    ] as const) {
      const runs = 400
      let valid = 0
      for (let seed = 1; seed <= runs; seed++) {
        const wrong = (index: number): boolean => randomOf(seed * tokens + index)(100) < percent
        const { report } = await check({ neighbours, liars, tokens, seed, wrong, lie: () => 'agree' })
        if (report.verdict === 'VALID') valid++
      }
      const tolerated = toleratedMisses(42, profile)
      const bound = falseValid({ neighbours, liars }, { disagreement: percent / 100, positions: 21, tolerated })
      const slack = 4 * Math.sqrt((bound * (1 - bound)) / runs)
      assert.ok(
        valid / runs <= bound + slack,
        `${valid} of ${runs} VALID with ${liars} of ${neighbours}, the bound is ${bound}`,
      )
    }
  })

  it('lets two thirds decide everything, and says how seldom that is among strangers', () => {
    assert.equal(falseAgreement({ neighbours: 3, liars: 3 }), 1)
    assert.equal(falseAgreement({ neighbours: 6, liars: 4 }), 1)
    assert.ok(Math.abs(falseAgreement({ neighbours: 5, liars: 3 }) - 0.1) < 1e-12)
    const forced = overLiars(7, 0.1, (hood) => (canForceInvalid(hood) ? 1 : 0))
    assert.ok(forced > 1e-4 && forced < 2e-4, `${forced}`)
    assert.ok(Math.abs(overLiars(3, 0.1, falseAgreement) - 1e-3) < 1e-12, 'all three: r^3')
  })
})
