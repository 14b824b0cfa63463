import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeChunk, encodeChunk } from './chunk-bytes.ts'
import { chunksOf } from './script-spend.ts'
import { spending } from './testing/spends.ts'

test('chunks hold every input once, in order, and come out of their bytes as they went in', () => {
  const scripts = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(fc.array(scripts, { maxLength: 10 }), fc.integer({ min: 1, max: 8 }), (all, size) => {
      const spends = all.map((one, n) => spending(one, n))
      const chunks = chunksOf(spends, size)
      const inputs = chunks.flat().flatMap(({ position, from, to, spend }) => {
        assert.equal(spend, spends[position])
        return Array.from({ length: to - from }, (_, i) => `${position}:${from + i}`)
      })
      assert.deepEqual(
        inputs,
        spends.flatMap(({ tx }, position) => tx.vin.map((_, i) => `${position}:${i}`)),
      )
      for (const chunk of chunks) {
        assert.ok(chunk.reduce((sum, { from, to }) => sum + to - from, 0) <= size)
        const expected = chunk.map(({ spend: { tx, spent }, from, to }) => ({ tx, from, spent: spent.slice(from, to) }))
        assert.deepEqual(decodeChunk(encodeChunk(chunk)), expected)
      }
    }),
  )
})
