import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Commitment } from '@camelid/codec'
import { type BondFacts, checkCommitment } from './check-commitment.ts'
import type { JobErrorCode } from './errors.ts'
import { bond, clientKey, commitment, fund, params, TIP } from './testing/fixtures.ts'

const { job, jobId } = fund()
const facts = bond()
const context = { job, params, bond: facts, tipHeight: TIP }
const good = commitment(job, jobId, facts)

test('a good commitment passes', () => {
  checkCommitment(good, context)
})

test('H may lie from tip + 2 to tip + 4', () => {
  for (const tipHeight of [TIP - 1, TIP + 1]) checkCommitment(good, { ...context, tipHeight })
  assert.throws(() => checkCommitment(good, { ...context, tipHeight: TIP + 2 }), { code: 'HEIGHT_PASSED' })
  assert.throws(() => checkCommitment(good, { ...context, tipHeight: TIP - 2 }), { code: 'HEIGHT_AHEAD' })
})

const statements: readonly [string, Partial<Commitment>, JobErrorCode][] = [
  ['another job', { jobId: new Uint8Array(32) }, 'WRONG_JOB'],
  ['more tokens than asked for', { tokenCount: 65 }, 'BAD_TOKEN_COUNT'],
  ['no tokens', { tokenCount: 0 }, 'BAD_TOKEN_COUNT'],
  ['no engine', { engine: '' }, 'BAD_OUTPUT'],
  ['no backend', { backend: '' }, 'BAD_OUTPUT'],
  ['another H than in S', { height: TIP + 4 }, 'BAD_TESTAMENT'],
  ['another bond than in S', { bondOutpoint: { txid: new Uint8Array(32), index: 0 } }, 'BAD_TESTAMENT'],
  ['an S that is no transaction', { testament: new Uint8Array(3) }, 'BAD_TESTAMENT'],
  ['another key', { nodeKey: clientKey }, 'BAD_SIGNATURE'],
]
for (const [name, change, code] of statements) {
  test(`refused: ${name}`, () => {
    assert.throws(() => checkCommitment(commitment(job, jobId, facts, change), context), { code })
  })
}

const bonds: readonly [string, Partial<BondFacts>, JobErrorCode][] = [
  ['a spent bond', { spent: true }, 'BOND_SPENT'],
  ['a bond of another node', { nodeKey: clientKey }, 'BOND_MISMATCH'],
  ['facts about another bond', { outpoint: { txid: new Uint8Array(32), index: 0 } }, 'BOND_MISMATCH'],
  ['a bond under the stake', { value: 1n }, 'BOND_TOO_SMALL'],
  ['a bond too young', { height: TIP - 1 }, 'BOND_TOO_YOUNG'],
  ['a bond above the tip', { height: TIP + 1 }, 'BOND_TOO_YOUNG'],
  ['a bond that unlocks at H + V', { unbondHeight: TIP + 3 + 600 }, 'BOND_UNLOCKS_EARLY'],
  ['a bond of another value', { value: facts.value + 1n }, 'BAD_TESTAMENT'],
  ['a bond that unlocks elsewhere', { unbondHeight: facts.unbondHeight + 1 }, 'BAD_TESTAMENT'],
]
for (const [name, change, code] of bonds) {
  test(`refused: ${name}`, () => {
    assert.throws(() => checkCommitment(good, { ...context, bond: { ...facts, ...change } }), { code })
  })
}

test('a bond of exactly A confirmations, unlocking just after H + V, is good', () => {
  const edge = bond({ height: TIP - 2, unbondHeight: TIP + 3 + 601 })
  checkCommitment(commitment(job, jobId, edge), { ...context, bond: edge })
})

test('refused: a signature that is not the node’s', () => {
  const signature = Uint8Array.from(good.signature)
  signature[10] = (signature[10] ?? 0) ^ 1
  assert.throws(() => checkCommitment({ ...good, signature }, context), { code: 'BAD_SIGNATURE' })
})
