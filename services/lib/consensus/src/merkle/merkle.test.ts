import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes, equalBytes, sha256d } from '@camelid/crypto'
import fc from 'fast-check'
import { merkleBranch, merkleRootFromBranch } from './merkle-branch.ts'
import { merkleRoot } from './merkle-root.ts'

const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 })
const leaves = fc.uniqueArray(leaf, { minLength: 1, maxLength: 40, comparator: equalBytes })

test('every leaf has a branch to the root, at its own position only', () => {
  fc.assert(
    fc.property(leaves, fc.nat(), (txids, pick) => {
      const position = pick % txids.length
      const { root, mutated } = merkleRoot(txids)
      const branch = merkleBranch(txids, position)
      const own = txids[position] ?? new Uint8Array(32)
      assert.equal(mutated, false)
      assert.deepEqual(merkleRootFromBranch(own, branch, position), root)
      const sibling = position ^ 1
      if (sibling < txids.length) assert.notDeepEqual(merkleRootFromBranch(own, branch, sibling), root)
    }),
  )
})

test('a list that repeats its end to the same root is a mutation', () => {
  const [a, b, c] = [1, 2, 3].map((fill) => new Uint8Array(32).fill(fill))
  assert.ok(a && b && c)
  const honest = merkleRoot([a, b, c])
  const repeated = merkleRoot([a, b, c, c])
  assert.deepEqual(repeated.root, honest.root)
  assert.deepEqual([honest.mutated, repeated.mutated], [false, true])
  assert.deepEqual(honest.root, sha256d(concatBytes(sha256d(concatBytes(a, b)), sha256d(concatBytes(c, c)))))
})

test('a single transaction is its own root', () => {
  const only = new Uint8Array(32).fill(9)
  assert.deepEqual(merkleRoot([only]), { root: only, mutated: false })
  assert.deepEqual(merkleBranch([only], 0), [])
  assert.deepEqual(merkleRootFromBranch(only, [], 0), only)
})

test('positions outside the tree and branches of no tree lead nowhere', () => {
  const hash = new Uint8Array(32)
  assert.equal(merkleRootFromBranch(hash, [], 1), null)
  assert.equal(merkleRootFromBranch(hash, [hash], 2), null)
  assert.equal(merkleRootFromBranch(hash, [hash], -1), null)
  assert.equal(merkleRootFromBranch(hash, [hash], 0.5), null)
  assert.equal(
    merkleRootFromBranch(
      hash,
      Array.from({ length: 33 }, () => hash),
      0,
    ),
    null,
  )
})
