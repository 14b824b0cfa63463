import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupOf } from './address-rules.ts'
import { chooseTargets } from './choose-targets.ts'

const at = (...hosts: string[]) => hosts.map((host) => ({ host, port: 7331 }))
const choose = (options: Partial<Parameters<typeof chooseTargets>[0]>) =>
  chooseTargets({
    tried: [],
    fresh: [],
    missing: 8,
    taken: [],
    perGroup: 2,
    groupOf: ({ host }) => groupOf(host),
    random: () => 0.9,
    ...options,
  }).map(({ host }) => host)

test('two of one /16, or one /32 of IPv6, and no more, those that are connected counted', () => {
  const crowd = at('1.2.0.1', '1.2.0.2', '1.2.0.3', '1.3.0.1', '2a00:1::1', '2a00:1:5::1', '2a00:1:6::1')
  assert.deepEqual(choose({ tried: crowd }), ['1.2.0.1', '1.2.0.2', '1.3.0.1', '2a00:1::1', '2a00:1:5::1'])
  assert.deepEqual(choose({ tried: crowd, taken: ['1.2', '2a00:1', '2a00:1'] }), ['1.2.0.1', '1.3.0.1'])
  assert.equal(choose({ tried: crowd, perGroup: 0 }).length, crowd.length)
})

test('both tables have their turn, and what one lacks the other gives', () => {
  const tables = { tried: at('1.1.0.1', '1.2.0.1'), fresh: at('2.1.0.1', '2.2.0.1', '2.3.0.1') }
  let turn = 0
  assert.deepEqual(choose({ ...tables, missing: 2, random: () => (turn++ % 2 === 0 ? 0.1 : 0.9) }), [
    '1.1.0.1',
    '2.1.0.1',
  ])
  assert.deepEqual(choose({ ...tables, missing: 4 }), ['2.1.0.1', '2.2.0.1', '2.3.0.1', '1.1.0.1'])
  assert.deepEqual(choose({ missing: 3 }), [])
})
