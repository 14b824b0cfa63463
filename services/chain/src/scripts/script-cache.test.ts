import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ScriptCache } from './script-cache.ts'

/** Ids that differ in one of many places, the first words often alike. */
const ids = fc
  .tuple(fc.integer({ min: 0, max: 31 }), fc.integer({ min: 0, max: 3 }))
  .map(([at, value]) => new Uint8Array(32).fill(7).with(at, value))

test('it never says of a transaction what it was not told, whatever gave way', () => {
  const operations = fc.array(fc.tuple(ids, fc.constantFrom(1, 3, 7)), { maxLength: 200 })
  fc.assert(
    fc.property(operations, fc.uint8Array({ minLength: 8, maxLength: 8 }), (added, salt) => {
      const cache = new ScriptCache(salt, 2)
      const told = new Map<string, number>()
      for (const [id, flags] of added) {
        cache.add(id, flags)
        told.set(id.join(), Math.max(told.get(id.join()) ?? 0, flags))
        // What came last is there, and under fewer flags too, which refuse less.
        assert.equal(cache.has(id, flags), true)
        assert.equal(cache.has(id, 1), true)
        assert.equal(cache.has(id, 8), false)
      }
      fc.assert(
        fc.property(ids, fc.constantFrom(1, 3, 7), (id, flags) => {
          if (cache.has(id, flags)) assert.ok((told.get(id.join()) ?? 0) >= flags)
        }),
        { numRuns: 20 },
      )
    }),
    { numRuns: 50 },
  )
})

test('as many as are meant to be held are held, nearly all', () => {
  const cache = new ScriptCache(new Uint8Array(8).fill(3), 1 << 10)
  const many = Array.from({ length: 2_000 }, (_, n) => {
    const id = new Uint8Array(32)
    const view = new DataView(id.buffer)
    // Any hash function is as good as a hash here.
    for (let at = 0; at < 32; at += 4) view.setUint32(at, Math.imul(n + at + 1, 0x9e3779b1) ^ (n << (at % 13)))
    return id
  })
  for (const id of many) cache.add(id, 1)
  assert.ok(many.filter((id) => cache.has(id, 1)).length > 1_900)
})
