import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BlockMaxima } from './block-maxima.ts'
import { BLOCK } from './block-maxima-wasm.ts'

test("each block's highest logit is told, whatever was looked at before, and what is no number is passed over", () => {
  const maxima = new BlockMaxima()
  const logit = fc.oneof(
    fc.float({ noNaN: true }),
    fc.float({ min: -30, max: 30 }),
    fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -0, 0),
  )
  const pattern = fc.array(logit, { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(pattern, fc.oneof(fc.nat(600), fc.integer({ min: 15_000, max: 40_000 })), (some, length) => {
      const logits = Float32Array.from({ length }, (_, id) => some[id % some.length] ?? 0)
      const expected = Array.from({ length: Math.ceil(length / BLOCK) }, (_, block) =>
        Math.max(...logits.subarray(block * BLOCK, (block + 1) * BLOCK).filter((one) => !Number.isNaN(one))),
      )
      assert.deepEqual(
        Array.from(maxima.of(logits), (one) => one + 0),
        expected.map((one) => one + 0),
      )
    }),
  )
})
