import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { type DrawSeed, drawPositions } from './draw-positions.ts'

const seedOf = (n: number): DrawSeed => ({
  blockHash: new Uint8Array(32).fill(n % 251),
  outputHash: new Uint8Array(32).fill(n >>> 8),
  verifierKey: new Uint8Array(33).fill(2),
})

test('a draw has the first and the last position and as many others as asked for, each once', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 1, max: 2000 }), fc.nat(300), (n, tokens, interior) => {
      const drawn = drawPositions(seedOf(n), tokens, interior)
      assert.equal(drawn.length, new Set(drawn).size)
      assert.deepEqual(
        drawn,
        drawn.toSorted((a, b) => a - b),
      )
      assert.equal(drawn[0], 0)
      assert.equal(drawn.at(-1), tokens - 1)
      assert.equal(drawn.length, Math.min(tokens, Math.min(tokens, 2) + interior))
      assert.deepEqual(drawPositions(seedOf(n), tokens, interior), drawn)
    }),
  )
})

test('the first draw is that of the definition', () => {
  const { blockHash, outputHash, verifierKey } = seedOf(7)
  const key = createHash('sha256').update(blockHash).update(outputHash).update(verifierKey).digest()
  const first = createHmac('sha256', key).update(Buffer.alloc(4)).digest().readBigUInt64LE(0)
  assert.deepEqual(drawPositions(seedOf(7), 500, 1), [0, 1 + Number(first % 498n), 499])
})

test('a larger draw contains the smaller, and every verifier draws another', () => {
  const few = drawPositions(seedOf(3), 1000, 20)
  const many = new Set(drawPositions(seedOf(3), 1000, 40))
  assert.ok(few.every((position) => many.has(position)))
  assert.notDeepEqual(drawPositions({ ...seedOf(3), verifierKey: new Uint8Array(33).fill(3) }, 1000, 20), few)
})

test('every position inside is drawn equally often', () => {
  const counts = Array<number>(20).fill(0)
  const rounds = 4000
  for (let n = 0; n < rounds; n++)
    for (const at of drawPositions(seedOf(n), 22, 5)) if (at > 0 && at < 21) counts[at - 1] = (counts[at - 1] ?? 0) + 1
  // A quarter of 4,000, within five standard errors.
  for (const count of counts)
    assert.ok(Math.abs(count - 1000) < 5 * Math.sqrt(4000 * 0.25 * 0.75), `${counts.join(' ')}`)
})

test('nonsense is refused by name', () => {
  for (const [tokens, interior] of [
    [0, 1],
    [1.5, 1],
    [10, -1],
    [10, Number.NaN],
  ] as const)
    assert.throws(() => drawPositions(seedOf(1), tokens, interior), { code: 'BAD_POSITION' })
})
