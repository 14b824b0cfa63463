import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Sample } from '../collect/sample.ts'
import { constructedSamples, profile } from '../constructed.ts'
import { seeded } from '../random.ts'
import { drawScores } from './curves.ts'
import { methodsOf, WHITEPAPER } from './methods.ts'
import { poolOf, threeOfOutputs } from './pool.ts'

const [shape] = constructedSamples((margin) => margin)

function outputsOf(...margins: readonly (readonly number[])[]): Sample[] {
  assert.ok(shape)
  return margins.map((some) => ({ ...shape, margins: some }))
}

it('draws the first token of an output, one between and the last, each as likely as another', () => {
  const pool = poolOf(outputsOf([0], [0, 0], [0, 0, 0], [0, 0, 0, 0, 0]))
  const next = threeOfOutputs(pool, seeded(1))
  const drawn = Array.from({ length: 4000 }, () => [next(), next(), next()].join(' '))
  const times = new Map([...Map.groupBy(drawn, (three) => three)].map(([three, some]) => [three, some.length]))
  assert.deepEqual([...times.keys()].sort(), ['0 0 0', '1 2 2', '3 4 5', '6 7 10', '6 8 10', '6 9 10'])
  for (const [three, count] of times) assert.ok(count > (three.startsWith('6') ? 250 : 850), `${three}: ${count}`)
})

it('sees by the whitepaper’s three positions a wrong end in every draw, and one wrong token between in a few', () => {
  const whitepaper = methodsOf(profile).filter(({ name }) => name === WHITEPAPER)
  const scoresOf = (margins: readonly number[]): readonly number[] => {
    const pool = poolOf(outputsOf(margins))
    const next = seeded(1)
    const drawn = { counts: [3, 300], draws: 200, beginDraw: () => threeOfOutputs(pool, next) }
    const [three = [], more = []] = drawScores(whitepaper, pool, drawn).get(WHITEPAPER) ?? []
    assert.deepEqual(more, three)
    return three
  }
  const right = Array.from({ length: 50 }, () => 0)
  assert.ok(scoresOf([...right, 1]).every((score) => score === 1))
  const few = scoresOf([...right, 1, ...right]).filter((score) => score > 0).length
  assert.ok(few > 0 && few < 20, `${few} of 200`)
})
