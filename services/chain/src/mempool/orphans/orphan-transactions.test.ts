import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Incoming } from '../accept-batch.ts'
import { entry } from '../testing/entries.ts'
import { OrphanTransactions } from './orphan-transactions.ts'

const LIMITS = { count: 6, bytes: 2_000, countOfPeer: 4, bytesOfPeer: 1_000, lifeMs: 100 }

function orphan(n: number, peer: string | null, bytes = 200): Incoming {
  return { parsed: entry(n, { bytes }), peer, answer: 5 }
}

const ids = (orphans: readonly Incoming[]) =>
  orphans.map(({ parsed: { txid } }) => new DataView(txid.buffer).getUint32(0))

test('whoever waits for a transaction is given out when it comes, once, and waits for no answer', () => {
  const orphans = new OrphanTransactions(LIMITS)
  orphans.add(orphan(1, 'a'), { parents: ['p', 'q'], nowMs: 0 })
  orphans.add(orphan(2, 'b'), { parents: ['q'], nowMs: 0 })
  orphans.add(orphan(3, null), { parents: ['q'], nowMs: 0 })
  assert.deepEqual(ids(orphans.takeChildren('nobody')), [])
  const taken = orphans.takeChildren('q')
  assert.deepEqual(ids(taken), [1, 2])
  assert.ok(taken.every(({ answer }) => answer === null))
  assert.deepEqual(ids(orphans.takeChildren('p')), [])
  assert.deepEqual([orphans.size, orphans.bytes], [0, 0])
})

test('one that waits again, for another parent, does not wait longer for it', () => {
  const orphans = new OrphanTransactions(LIMITS)
  orphans.add(orphan(1, 'a'), { parents: ['p', 'q'], nowMs: 0 })
  const [again] = orphans.takeChildren('p')
  assert.ok(again)
  orphans.add(again, { parents: ['q'], nowMs: 60 })
  orphans.add(orphan(2, 'a'), { parents: ['q'], nowMs: 100 })
  assert.deepEqual(ids(orphans.takeChildren('q')), [2])
})

test('bounds hold in all and for each peer, and a peer that sends much pushes out its own', () => {
  const orphans = new OrphanTransactions(LIMITS)
  orphans.add(orphan(1, 'modest'), { parents: ['p'], nowMs: 0 })
  for (let n = 2; n < 20; n++) orphans.add(orphan(n, 'greedy'), { parents: ['p'], nowMs: 0 })
  assert.deepEqual(ids(orphans.takeChildren('p')), [1, 16, 17, 18, 19])
  orphans.add(orphan(20, 'greedy', 1_001), { parents: ['p'], nowMs: 0 })
  assert.equal(orphans.size, 0)

  const sent = fc.tuple(fc.nat(50), fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 900 }), fc.nat(40))
  fc.assert(
    fc.property(fc.array(sent, { maxLength: 60 }), (many) => {
      const bounded = new OrphanTransactions(LIMITS)
      let nowMs = 0
      for (const [n, peer, bytes, later] of many) {
        nowMs += later
        bounded.add(orphan(n, peer, bytes), { parents: [`p${n % 5}`, `p${n % 7}`], nowMs })
        assert.ok(bounded.size <= LIMITS.count && bounded.bytes <= LIMITS.bytes)
      }
      const left = bounded.size
      const taken = [0, 1, 2, 3, 4, 5, 6].flatMap((n) => bounded.takeChildren(`p${n}`))
      assert.equal(taken.length, left)
      assert.deepEqual([bounded.size, bounded.bytes], [0, 0])
    }),
  )
})
