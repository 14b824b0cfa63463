import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterOf } from './filters.ts'
import { ordersFor } from './orders.ts'
import { PROMPTS_A_ROUND } from './prompts.ts'

const model = { sha256: '00'.repeat(32) }
const orders = (from: number, count: number) => ordersFor(model, { temperatureMilli: 800, maxTokens: 160, from, count })

test('half of any row of jobs have a filter, and each opening of a prompt meets every one', () => {
  for (const from of [0, 10_000, 70_000, 1_000_000]) {
    const names = orders(from, 8).map(({ filter }) => filter)
    assert.equal(names.filter((name) => name !== 'none').length, 4, `${from}`)
    assert.deepEqual(new Set(names), new Set(['none', 'top-k 40', 'top-p 0.95']))
  }
  for (let opening = 0; opening < PROMPTS_A_ROUND; opening++) {
    const met = Array.from({ length: 4 }, (_, round) => filterOf(opening + round * PROMPTS_A_ROUND).name).sort()
    assert.deepEqual(met, ['none', 'none', 'top-k 40', 'top-p 0.95'])
  }
})

test('a job asks for the filter that its sample names', () => {
  const asked = orders(0, 40).map(({ filter, job: { topK, topPMicro } }) => `${filter}: ${topK}, ${topPMicro}`)
  assert.deepEqual(new Set(asked), new Set(['none: 0, 1000000', 'top-k 40: 40, 1000000', 'top-p 0.95: 0, 950000']))
})
