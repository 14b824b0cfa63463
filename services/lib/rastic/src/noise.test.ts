import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { chacha20 } from '@noble/ciphers/chacha.js'
import fc from 'fast-check'
import { gumbel, gumbelKey, NOISE_LIMIT, PositionNoise } from './noise.ts'

/** rastic: The generation rule F, written down as it stands there. */
function gumbelByTheBook(key: Uint8Array, t: number, v: number): number {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setBigUint64(0, BigInt(t), true)
  const stream = chacha20(key, nonce, new Uint8Array(8 * v + 8))
  const x = new DataView(stream.buffer, stream.byteOffset).getBigUint64(8 * v, true)
  return -Math.log(-Math.log((Number(x >> 11n) + 0.5) * 2 ** -53))
}

test('the key is the hash of the tag and the jobId, nothing else', () => {
  const jobId = new Uint8Array(32).fill(0xab)
  const expected = createHash('sha256').update('camelid/gumbel/v1').update(jobId).digest()
  assert.deepEqual(Buffer.from(gumbelKey(jobId)), expected)
})

test('noise at any position and token is that of the definition', () => {
  const position = fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 2 ** 32, max: 2 ** 40 }))
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      position,
      fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 30_000, max: 200_000 })),
      (key, t, v) => {
        assert.equal(gumbel(key, t, v), gumbelByTheBook(key, t, v))
      },
    ),
  )
})

test('ids from a bound on are all with at least that noise, in any order of looking', () => {
  const bound = fc.oneof(
    fc.double({ min: -3, max: 8, noNaN: true }),
    fc.constantFrom(Number.NEGATIVE_INFINITY, -1e9, -40, 35, NOISE_LIMIT, 50, Number.POSITIVE_INFINITY),
  )
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1000 }),
      bound,
      fc.integer({ min: 1, max: 3000 }),
      fc.nat(),
      fc.boolean(),
      (t, least, size, n, prepared) => {
        const key = new Uint8Array(32).fill(9)
        const noise = new PositionNoise(key, t)
        if (prepared) noise.loud(size)
        const before = noise.at(n % size)
        const all = Array.from({ length: size }, (_, id) => gumbel(key, t, id))
        assert.deepEqual(
          noise.idsFrom(least, size),
          Array.from(all.keys()).filter((id) => (all[id] ?? 0) >= least),
        )
        assert.equal(noise.at(n % size), before)
        // What a token's own noise bounds, it passes.
        assert.ok(noise.idsFrom(before, size).includes(n % size))
      },
    ),
  )
})

test('noise is Gumbel: its mean and variance over many ids', () => {
  const noise = new PositionNoise(gumbelKey(new Uint8Array(32)), 5)
  const values = Array.from({ length: 100_000 }, (_, id) => noise.at(id))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  // Euler's constant and π²/6, within five standard errors.
  assert.ok(Math.abs(mean - 0.5772) < 0.021, `mean ${mean}`)
  assert.ok(Math.abs(variance - Math.PI ** 2 / 6) < 0.06, `variance ${variance}`)
  assert.ok(values.every((value) => value <= NOISE_LIMIT))
})
