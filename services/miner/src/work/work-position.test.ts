import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { headerWork } from '../hash/header-work.ts'
import { headerFor, type Template } from './template.ts'
import { WorkPosition } from './work-position.ts'

const TEMPLATE: Template = {
  height: 1,
  header: new Uint8Array(80).fill(3),
  coinbasePrefix: Uint8Array.of(1, 2),
  coinbaseSuffix: Uint8Array.of(3),
  merkleBranch: [new Uint8Array(32).fill(9)],
  target: new Uint8Array(32),
  time: 1_000,
  minTime: 900,
  maxTime: 5_000,
}

function counter(): () => bigint {
  let last = 6n
  return () => ++last
}

const workOf = (extraNonce: bigint, time: number) => headerWork(headerFor(TEMPLATE, extraNonce, time), TEMPLATE.target)

test('every nonce of a header comes once, none past 2^32, and then the next extra nonce', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 31 }), { minLength: 1, maxLength: 30 }), (sizes) => {
      const position = new WorkPosition(TEMPLATE, counter())
      let expected = 0
      let extraNonce = 7n
      for (const size of sizes) {
        if (expected === 2 ** 32) {
          expected = 0
          extraNonce++
        }
        const { work, first, count } = position.next(0, size)
        assert.equal(first, expected)
        assert.equal(count, Math.min(size, 2 ** 32 - first))
        assert.deepEqual(work, workOf(extraNonce, 1_000))
        assert.equal(position.won(first).extraNonce, extraNonce)
        expected += count
      }
    }),
    { numRuns: 50 },
  )
})

test('a new second changes the header and goes on with the nonces', () => {
  const position = new WorkPosition(TEMPLATE, counter())
  assert.deepEqual(position.next(999, 4), { work: workOf(7n, 1_000), first: 0, count: 4 })
  assert.deepEqual(position.next(1_000, 4), { work: workOf(7n, 1_001), first: 4, count: 4 })
  assert.deepEqual(position.next(61_500, 4), { work: workOf(7n, 1_061), first: 8, count: 4 })
})

test('what won is the header of the last batch with the nonce at its end', () => {
  const position = new WorkPosition(TEMPLATE, counter())
  position.next(2_000, 100)
  const { header, extraNonce } = position.won(0x01020304)
  const expected = headerFor(TEMPLATE, 7n, 1_002)
  expected.set([4, 3, 2, 1], 76)
  assert.deepEqual(header, expected)
  assert.equal(extraNonce, 7n)
})
