import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readInstruction, skipInstruction } from './read-instruction.ts'

test('an instruction ends where it is said to end without being read', () => {
  const pushes = fc.constantFrom(0, 1, 2, 75, 76, 77, 78, 79, 0xab, 0xff)
  const scripts = fc.array(fc.oneof(pushes, fc.nat(255)), { maxLength: 90 }).map((bytes) => Uint8Array.from(bytes))
  fc.assert(
    fc.property(scripts, fc.nat(100), (script, offset) => {
      assert.equal(skipInstruction(script, offset), readInstruction(script, offset)?.next ?? -1)
    }),
    { numRuns: 1_000 },
  )
})
