import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OrphanBlocks } from './orphan-blocks.ts'

const hash = (n: number) => {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, n)
  return bytes
}

test('children of a block are taken out together, once', () => {
  const orphans = new OrphanBlocks()
  orphans.add(hash(1), hash(0), Uint8Array.of(1))
  orphans.add(hash(2), hash(0), Uint8Array.of(2))
  orphans.add(hash(3), hash(9), Uint8Array.of(3))
  orphans.add(hash(3), hash(9), Uint8Array.of(3))
  assert.deepEqual(orphans.takeChildren(hash(0)), [Uint8Array.of(1), Uint8Array.of(2)])
  assert.deepEqual(orphans.takeChildren(hash(0)), [])
  assert.equal(orphans.size, 1)
})

test('the oldest go when there are too many or they are too big', () => {
  const orphans = new OrphanBlocks()
  for (let n = 1; n <= 300; n++) orphans.add(hash(n), hash(0), Uint8Array.of(n))
  assert.equal(orphans.size, 256)
  for (let n = 1; n <= 20; n++) orphans.add(hash(1_000 + n), hash(1), new Uint8Array(4_000_000))
  assert.equal(orphans.size, 8)
})
