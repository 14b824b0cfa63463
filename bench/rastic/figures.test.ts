import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Figure } from '../report.ts'
import { attacksOn } from './collect/attacks.ts'
import { ALONE } from './collect/regimes.ts'
import type { Sample } from './collect/sample.ts'
import { constructedSamples, plan, profile, type Sight } from './constructed.ts'
import { figuresOf } from './figures.ts'
import { NEED_TRAINING, SHIPPED } from './plan.ts'
import { resultsOf } from './results.ts'

const asItIs: Sight = (margin) => margin
const blind: Sight = () => 0
const seeing = constructedSamples(asItIs)
const attacks = attacksOn(SHIPPED).map(({ name }) => name)

interface Asked {
  readonly leftOut?: readonly string[]
  readonly isShort?: boolean
}

/** Figures that fail a run. */
function failuresOf(samples: readonly Sample[], { leftOut = [], isShort = true }: Asked = {}): Figure[] {
  const results = resultsOf({ samples, profile, model: { name: SHIPPED } }, plan, { costs: [], log: () => {} })
  const fewestHonest = plan.temperatures.length * plan.honestJobs
  const figures = figuresOf(results, { sold: SHIPPED, plan, leftOut, fewestHonest, isShort })
  return figures.filter(({ ok, reason }) => !ok && reason === undefined)
}

const namesOf = (figures: readonly Figure[]): string[] => figures.map(({ name }) => name)

describe('the gate', () => {
  it('passes a verifier that sees what there is', () => {
    assert.deepEqual(namesOf(failuresOf(seeing)), [])
  })

  it('fails a blind verifier by every attack at every temperature', () => {
    const failed = namesOf(failuresOf(constructedSamples(blind), { isShort: false }))
    for (const milli of plan.temperatures) {
      for (const name of attacks.filter((one) => milli > 0 || one !== 'wrong seed')) {
        const title = `${name}, T ${milli / 1000}: `
        assert.ok(
          failed.some((one) => one.startsWith(title)),
          title,
        )
      }
    }
  })

  for (const name of attacks.filter((one) => !NEED_TRAINING.includes(one))) {
    it(`fails a verifier that is blind to "${name}" only`, () => {
      const unseen = constructedSamples(blind).filter((one) => one.name === name)
      const failed = namesOf(failuresOf([...seeing.filter((one) => one.name !== name), ...unseen]))
      assert.ok(failed.length > 0)
      assert.deepEqual(
        failed.filter((one) => !one.startsWith(name)),
        [],
      )
    })
  }

  it('fails one that calls an honest job INVALID, and one that does so with what F itself wrote for a cheat', () => {
    const accused = { verdict: 'INVALID' } as const
    const at = seeing.findIndex((one) => one.name === ALONE)
    assert.deepEqual(namesOf(failuresOf(seeing.map((one, i) => (i === at ? { ...one, ...accused } : one)))), [
      'honest INVALID',
    ])
    const harmless = seeing.findIndex((one) => one.name === 'altered prompt')
    const same = seeing.map((one, i) => (i === harmless ? { ...one, ...accused, differsFromHonest: false } : one))
    assert.deepEqual(namesOf(failuresOf(same)), ["F's own output from a cheat, INVALID"])
  })

  it('leaves out of the count what F itself writes, but not so much that nothing is judged', () => {
    const own = (count: number): Sample[] =>
      seeing.map((one) =>
        one.name === 'early stop' && one.order < count
          ? { ...one, verdict: 'VALID', margins: one.margins.map(blind), mismatches: 0, differsFromHonest: false }
          : one,
      )
    assert.deepEqual(namesOf(failuresOf(own(3))), [])
    const failed = namesOf(failuresOf(own(24)))
    assert.ok(failed.every((name) => name.startsWith('early stop')))
    assert.equal(failed.length, plan.temperatures.length)
  })

  it('fails where an attack was not measured, and tells why', () => {
    const without = (name: string): Sample[] => seeing.filter((one) => one.name !== name)
    const missing = 'Q4_0 for F16 (there is no camelid-tiny-Q4_0.gguf: models/README.md tells how to get it)'
    const failed = namesOf(failuresOf(without('Q4_0 for F16'), { leftOut: [missing] }))
    assert.equal(failed.length, plan.temperatures.length)
    assert.ok(failed.every((name) => name.includes('there is no camelid-tiny-Q4_0.gguf')))
    assert.equal(failuresOf(without('wrong seed')).length, 1)
  })

  it('lets a short run do without the model that takes a training to make, and a full one not', () => {
    const without = seeing.filter((one) => !NEED_TRAINING.includes(one.name))
    const leftOut = NEED_TRAINING.map((name) => `${name} (there is no such file)`)
    assert.deepEqual(namesOf(failuresOf(without, { leftOut })), [])
    assert.equal(failuresOf(without, { leftOut, isShort: false }).length, plan.temperatures.length)
    assert.equal(failuresOf(without).length, plan.temperatures.length, 'left out without a reason')
  })
})

it('tells a target that is out of reach as missed, with the bound and the curve, and does not fail by it', () => {
  const results = resultsOf({ samples: seeing, profile, model: { name: SHIPPED } }, plan, { costs: [], log: () => {} })
  const fine = results.attacks.map((attack) =>
    attack.name === 'wrong temperature'
      ? {
          ...attack,
          disagreement: 0.04,
          bound: 360,
          seenIn: new Map([...attack.seenIn, [100, 0.96], [432, 1]] as const),
        }
      : attack,
  )
  const run = { sold: SHIPPED, plan, leftOut: [], fewestHonest: 0, isShort: true }
  const figures = figuresOf({ ...results, attacks: fine }, run)
  const [missed, other] = figures.filter(
    ({ name }) => name.startsWith('wrong temperature, T 0.8: seen in') && name.endsWith('d 4 %'),
  )
  assert.equal(missed?.name, 'wrong temperature, T 0.8: seen in 100 tokens, d 4 %')
  assert.equal(missed.ok, false)
  assert.match(missed.reason ?? '', /takes 360 tokens; seen: .*96 % in 100, /)
  assert.equal(other?.name, 'wrong temperature, T 0.8: seen in 432 tokens, d 4 %')
  assert.equal(other.target, '')
})
