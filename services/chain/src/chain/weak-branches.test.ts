import assert from 'node:assert/strict'
import { test } from 'node:test'
import { genesisNode, networkParams, workOf } from '@camelid/consensus'
import { WeakBranches } from './weak-branches.ts'

const params = networkParams('local')
const genesis = genesisNode(params)
const each = workOf(genesis.header.bits)
/** A tip 10,000 blocks up, about which nothing else is known. */
const tip = {
  ...genesis,
  height: 10_000,
  work: 10_000n * each,
  medianTime: 0,
  hasBlock: true,
  linked: true,
  invalid: false,
}
const message = new Array(2_000).fill(genesis.header)

function branches() {
  const clock = { now: 0, nowMs: () => clock.now }
  return { clock, weak: new WeakBranches(clock) }
}

test('of branches with far less work than ours a peer may tell so many headers in an hour', () => {
  const { clock, weak } = branches()
  const [one, other] = [new Uint8Array(20).fill(1), new Uint8Array(20).fill(2)]
  const take = (peer: Uint8Array): void => weak.take(peer, message, { work: each, tip })
  for (let i = 0; i < 5; i++) take(one)
  assert.throws(() => take(one), { code: 'WEAK_BRANCH', score: 20 })
  take(other)
  clock.now = 3_600_000
  take(one)
})

test('headers that lead near our tip, or above it, are not counted', () => {
  const { weak } = branches()
  for (let i = 0; i < 20; i++) weak.take(new Uint8Array(20), message, { work: 7_500n * each, tip })
})
