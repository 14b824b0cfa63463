import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPlan } from './plan.ts'

test('one node does everything; of several one mines, two compute, and each has a name and a database of its own', () => {
  assert.deepEqual(readPlan({}), [
    { number: 1, name: 'farm', database: 'camelid', mines: true, workers: ['worker-1', 'worker-2'] },
  ])
  assert.deepEqual(readPlan({ NODES: '' }), readPlan({ NODES: '1' }))
  const five = readPlan({ NODES: '5' })
  assert.deepEqual(
    five.map(({ number, mines, workers }) => [number, mines, ...workers]),
    [
      [1, true, 'worker-1'],
      [2, false, 'worker-2'],
      [3, false],
      [4, false],
      [5, false],
    ],
  )
  assert.equal(new Set(five.map(({ name }) => name)).size, 5)
  assert.equal(new Set(five.map(({ database }) => database)).size, 5)
  assert.deepEqual(
    readPlan({ NODES: '2' }).map(({ workers }) => workers.length),
    [2, 0],
  )
})

test('any other number of nodes is refused with what there may be', () => {
  for (const NODES of ['0', '6', '-1', '1.5', '5x', 'many', ' '])
    assert.throws(() => readPlan({ NODES }), { code: 'BAD_NODES', message: /from 1 to 5/ })
})
