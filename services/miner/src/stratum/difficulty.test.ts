import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bitsToTarget } from '@camelid/consensus'
import fc from 'fast-check'
import { difficultyOf, targetOf } from './difficulty.ts'

test('difficulty is that of Bitcoin: 1 for bits 1d00ffff, 2^-16 for the floor of local', () => {
  assert.equal(difficultyOf(bitsToTarget(0x1d00ffff)), 1)
  assert.equal(difficultyOf(bitsToTarget(0x1f00ffff)), 2 ** -16)
  assert.equal(difficultyOf(bitsToTarget(0x1e00ffff)), 2 ** -8)
  assert.equal(targetOf(1), bitsToTarget(0x1d00ffff))
  // Block 100,000 of Bitcoin, as its explorers show it.
  assert.equal(difficultyOf(bitsToTarget(0x1b04864c)).toFixed(2), '14484.16')
})

test('a target and its difficulty say the same to twelve digits, and a harder target has a higher difficulty', () => {
  fc.assert(
    fc.property(fc.double({ min: 2 ** -16, max: 2 ** 60, noNaN: true }), (difficulty) => {
      assert.ok(Math.abs(difficultyOf(targetOf(difficulty)) / difficulty - 1) < 1e-12)
      assert.ok(targetOf(difficulty * 1.001) < targetOf(difficulty))
    }),
  )
})
