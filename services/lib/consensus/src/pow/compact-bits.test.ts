import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ConsensusError } from '../error/consensus-error.ts'
import { bitsToTarget, targetToBits } from './compact-bits.ts'
import { hashToNumber } from './hash-number.ts'
import { workOf } from './work.ts'

const target = fc.bigInt({ min: 1n, max: 2n ** 256n - 1n })
const anyTarget = fc.tuple(target, fc.integer({ min: 0, max: 255 })).map(([big, shift]) => big >> BigInt(shift) || 1n)

test('bits of a target stand for it, rounded down to at most 3 bytes', () => {
  fc.assert(
    fc.property(anyTarget, (exact) => {
      const rounded = bitsToTarget(targetToBits(exact))
      assert.ok(rounded <= exact)
      // 16 significant bits are left at worst, where the sign bit costs a byte.
      assert.ok(exact - rounded <= exact >> 15n)
      assert.equal(targetToBits(rounded), targetToBits(exact))
    }),
  )
})

test('an easier target never has smaller work', () => {
  fc.assert(
    fc.property(anyTarget, anyTarget, (a, b) => {
      const [hard, easy] = a < b ? [a, b] : [b, a]
      assert.ok(workOf(targetToBits(hard)) >= workOf(targetToBits(easy)))
    }),
  )
})

test('known bits of Bitcoin', () => {
  assert.equal(bitsToTarget(0x1d00ffff), 0xffffn << 208n)
  assert.equal(targetToBits(0xffffn << 208n), 0x1d00ffff)
  assert.equal(bitsToTarget(0x05009234), 0x92340000n)
  assert.equal(targetToBits(0x92340000n), 0x05009234)
  assert.equal(bitsToTarget(0x02123456), 0x1234n)
  assert.equal(targetToBits(0x80n), 0x02008000)
  assert.equal(workOf(0x1d00ffff), 0x100010001n)
})

test('negative, zero and overflowing bits are refused by name', () => {
  for (const bits of [0, 0x01003456, 0x04923456, 0x04800001, 0xff123456, 0x23000100 + 0xffff00, 0x1d000000]) {
    assert.throws(
      () => bitsToTarget(bits),
      (error) => error instanceof ConsensusError && error.code === 'BAD_BITS',
      bits.toString(16),
    )
  }
})

test('the last byte of a hash weighs most', () => {
  const hash = new Uint8Array(32)
  hash[31] = 1
  assert.equal(hashToNumber(hash), 1n << 248n)
})
