import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outPointKey } from '@camelid/codec'
import fc from 'fast-check'
import { type Entry, Mempool } from './mempool.ts'
import { ancestorsOf, descendantsOf, type MempoolNode, type Totals } from './mempool-node.ts'
import { entry, id } from './testing/entries.ts'

test('what was added and removed leaves nothing behind', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 30 }), (ids) => {
      const mempool = new Mempool()
      const entries = ids.map((n) => ({ n, one: entry(n, { settlement: `s${n % 3}`, jobId: id(n) }) }))
      for (const { one } of entries) mempool.add(one)
      for (const { n, one } of entries) {
        assert.equal(mempool.spenderOf(outPointKey({ txid: id(0xffffffff), index: n })), one)
        assert.equal(mempool.reservationOf(one.txid), one)
        mempool.remove(one.key)
        assert.equal(mempool.reservationOf(one.txid), undefined)
      }
      assert.deepEqual([mempool.size, mempool.bytes, mempool.withSettlement('s1').length], [0, 0, 0])
    }),
  )
})

test('descendants come with what they rest on, parents first', () => {
  const mempool = new Mempool()
  const parent = entry(1)
  const child = entry(2, { from: [{ txid: id(1), index: 0 }] })
  const both = entry(3, {
    from: [
      { txid: id(1), index: 1 },
      { txid: id(2), index: 1 },
    ],
  })
  for (const one of [parent, child, both, entry(4)]) mempool.add(one)
  assert.deepEqual(mempool.withDescendants(parent.key), [parent, child, both])
  assert.deepEqual(new Set([...mempool.ancestorsOf(both.tx)].map((node) => node.entry)), new Set([parent, child]))
})

/** Each entry spends from some of those with smaller ids. */
const families = fc
  .array(fc.tuple(fc.array(fc.nat(), { maxLength: 3 }), fc.integer({ min: 1, max: 1_000 }), fc.nat(99)), {
    minLength: 1,
    maxLength: 20,
  })
  .map((drawn) =>
    drawn.map(([parents, fee, bytes], n): Entry => {
      const from = n === 0 ? [] : [...new Set(parents.map((parent) => parent % n))]
      const own = { txid: id(0xffffffff), index: n }
      const outpoints = from.map((parent) => ({ txid: id(parent), index: n }))
      return entry(n, { from: [own, ...outpoints], fee: BigInt(fee), bytes: 100 + bytes, outputs: 20 })
    }),
  )

test('sums over families are what adding them up gives, in whatever order entries come and go', () => {
  const order = fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 60 })
  fc.assert(
    fc.property(families, order, (entries, steps) => {
      const mempool = new Mempool()
      for (const [pick, comes] of steps) {
        const one = entries[pick % entries.length]
        if (one === undefined) continue
        if (!comes) mempool.remove(one.key)
        else if (mempool.get(one.key) === undefined) mempool.add(one)
        for (const node of mempool.nodes()) {
          assert.deepEqual(node.ancestors, added([node, ...ancestorsOf(node)]))
          assert.deepEqual(node.descendants, added([node, ...descendantsOf(node)]))
          const parents = new Set(node.entry.tx.vin.flatMap(({ prevout }) => findNode(mempool, prevout.txid) ?? []))
          assert.deepEqual(new Set(node.parents), parents)
        }
      }
    }),
  )
})

function findNode(mempool: Mempool, txid: Uint8Array): MempoolNode | undefined {
  return mempool.node(Buffer.from(txid).toString('hex'))
}

function added(nodes: readonly MempoolNode[]): Totals {
  return {
    count: nodes.length,
    bytes: nodes.reduce((sum, node) => sum + node.entry.raw.length, 0),
    fee: nodes.reduce((sum, node) => sum + Number(node.entry.fee), 0),
    sigops: nodes.reduce((sum, node) => sum + node.entry.sigops, 0),
  }
}
