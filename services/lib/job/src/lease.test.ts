import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Acceptance } from '@camelid/codec'
import { bytesToHex, sha256, utf8 } from '@camelid/crypto'
import fc from 'fast-check'
import { leaseholder, leaseOrder, RANK_DELAY_MS } from './lease.ts'

const jobId = sha256(utf8('job'))
const none = new Uint8Array(33)
const acceptance = (name: string): Acceptance => ({
  jobId,
  nodeKey: Uint8Array.of(2, ...sha256(utf8(name))),
  bondOutpoint: { txid: sha256(utf8(`bond of ${name}`)), index: 0 },
})
const all = ['a', 'b', 'c', 'd'].map(acceptance)
const firstSeenMs = 1_000
const orderOf = (
  acceptances: readonly Acceptance[],
  preferredNode: Uint8Array = none,
  seenMs: (one: Acceptance) => number = () => firstSeenMs,
) =>
  leaseOrder(
    acceptances.map((one) => ({ acceptance: one, seenMs: seenMs(one) })),
    { jobId, preferredNode, firstSeenMs },
  )
const order = orderOf(all)
const [first, second] = order
assert.ok(first && second)
const facts = { order, firstSeenMs, progressMs: new Map<string, number[]>(), leaseMs: 500 }
const keyOf = (held: Acceptance | null) => (held === null ? null : bytesToHex(held.nodeKey))

test('the order does not depend on the order of arrival', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: 4 }), (shuffled) => {
      assert.deepEqual(orderOf(shuffled), order)
    }),
  )
})

test('the preferred node comes first, the others stay in their order', () => {
  const [, , third] = order
  assert.ok(third)
  const preferred = orderOf(all, third.nodeKey)
  assert.deepEqual(preferred, [third, ...order.filter((other) => other !== third)])
})

test('who accepts after ranks were taken stands behind, the preferred node too', () => {
  const rankMs = firstSeenMs + RANK_DELAY_MS
  assert.deepEqual(
    orderOf(all, none, () => rankMs),
    order,
  )
  const late = orderOf(all, first.nodeKey, (one) => (one === first || one === second ? rankMs + 1 : firstSeenMs))
  assert.deepEqual(late, [...order.slice(2), first, second])
})

test('nobody has it before ranks are taken, then the first', () => {
  assert.equal(leaseholder(facts, 1_099), null)
  assert.equal(leaseholder(facts, 1_100), first)
  assert.equal(leaseholder({ ...facts, order: [] }, 5_000), null)
})

test('silence passes the turn on, progress keeps it', () => {
  assert.equal(leaseholder(facts, 1_600), first)
  assert.equal(leaseholder(facts, 1_601), second)
  const alive = new Map([[bytesToHex(first.nodeKey), [1_500, 1_900, 2_300]]])
  assert.equal(leaseholder({ ...facts, progressMs: alive }, 2_800), first)
  assert.equal(leaseholder({ ...facts, progressMs: alive }, 2_801), second)
})

test('progress after too long a silence does not win the turn back', () => {
  const late = new Map([[bytesToHex(first.nodeKey), [1_700]]])
  assert.equal(leaseholder({ ...facts, progressMs: late }, 1_750), second)
})

test('after the last it is the turn of the first again', () => {
  assert.equal(keyOf(leaseholder(facts, 1_100 + 4 * 500 + 1)), keyOf(first))
})

test('whatever progress comes, exactly one node has the job, and the order of progress does not matter', () => {
  const times = fc.array(fc.integer({ min: 1_000, max: 6_000 }), { maxLength: 12 })
  fc.assert(
    fc.property(times, times, fc.integer({ min: 1_100, max: 8_000 }), (a, b, now) => {
      const progress = (x: number[], y: number[]) =>
        new Map([
          [bytesToHex(first.nodeKey), x],
          [bytesToHex(second.nodeKey), y],
        ])
      const holder = leaseholder({ ...facts, progressMs: progress(a, b) }, now)
      assert.notEqual(holder, null)
      assert.equal(leaseholder({ ...facts, progressMs: progress([...a].reverse(), [...b].reverse()) }, now), holder)
    }),
  )
})
