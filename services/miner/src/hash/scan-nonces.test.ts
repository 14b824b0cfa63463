import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { headerWork } from './header-work.ts'
import { scanNonces } from './scan-nonces.ts'
import { createSimdScan } from './wasm/simd-scan.ts'

const ALL = new Uint8Array(32).fill(0xff)
const NONCES = 2 ** 32
const LOOPS = { javascript: scanNonces, 'wasm-simd': createSimdScan() }

const anyHeader = fc.uint8Array({ minLength: 80, maxLength: 80 })
/** Any nonce, and often one near the end of the range. */
const anyNonce = fc.oneof(fc.nat(NONCES - 1), fc.integer({ min: NONCES - 12, max: NONCES - 1 }))

/** SHA-256d of the header with this nonce by node:crypto, as the number that is compared with the target. */
function hashValue(header: Uint8Array, nonce: number): bigint {
  const copy = Buffer.from(header)
  copy.writeUInt32LE(nonce, 76)
  const once = createHash('sha256').update(copy).digest()
  return BigInt(`0x${createHash('sha256').update(once).digest().reverse().toString('hex')}`)
}

const target = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()

for (const [name, scan] of Object.entries(LOOPS)) {
  test(`${name} finds the nonce of Bitcoin's genesis block and nothing before it`, () => {
    const header = Buffer.from(
      '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d00000000',
      'hex',
    )
    const target = Buffer.alloc(32)
    target.writeUInt16LE(0xffff, 26)
    const work = headerWork(header, target)
    assert.equal(scan(work, 2083236893 - 1000, 1000), -1)
    for (let before = 0; before < 9; before++) assert.equal(scan(work, 2083236893 - before, 100), 2083236893)
  })

  test(`${name} agrees with node:crypto on the first winner, whatever lane it is in, over the wrap at 2^32`, () => {
    const counts = fc.integer({ min: 1, max: 13 })
    const runs = fc.property(
      anyHeader,
      anyNonce,
      counts,
      fc.nat(12),
      fc.boolean(),
      (header, first, count, at, exact) => {
        const nonces = Array.from({ length: count }, (_, i) => (first + i) % NONCES)
        const values = nonces.map((nonce) => hashValue(header, nonce))
        // A target that one of them just meets, or that it just misses.
        const limit = (values[at % count] ?? 0n) - (exact ? 0n : 1n)
        const winner = nonces.find((_, i) => (values[i] ?? 0n) <= limit) ?? -1
        assert.equal(scan(headerWork(header, target(limit)), first, count), winner)
      },
    )
    fc.assert(runs, { numRuns: 1_000 })
  })

  test(`${name} finds the only winner in each place of a range`, () => {
    fc.assert(
      fc.property(anyHeader, anyNonce, (header, first) => {
        const nonces = Array.from({ length: 16 }, (_, i) => (first + i) % NONCES)
        const values = nonces.map((nonce) => hashValue(header, nonce))
        const lowest = values.toSorted((a, b) => (a < b ? -1 : 1))[0] ?? 0n
        const winner = nonces[values.indexOf(lowest)]
        const work = headerWork(header, target(lowest))
        // Starting at each nonce up to it puts it into each lane.
        for (const [i, nonce] of nonces.entries()) {
          if (i <= values.indexOf(lowest)) assert.equal(scan(work, nonce, 16 - i), winner)
        }
        assert.equal(scan(headerWork(header, target(lowest - 1n)), first, 16), -1)
      }),
      { numRuns: 200 },
    )
  })

  test(`${name} takes the first nonce at the highest target, and none at target 0`, () => {
    fc.assert(
      fc.property(anyHeader, anyNonce, (header, first) => {
        assert.equal(scan(headerWork(header, ALL), first, 5), first)
        assert.equal(scan(headerWork(header, new Uint8Array(32)), first, 4096), -1)
      }),
      { numRuns: 20 },
    )
  })
}

test('the loops agree over long ranges, also once the runtime has optimised them', () => {
  fc.assert(
    fc.property(anyHeader, fc.nat(NONCES - 1), fc.integer({ min: 8, max: 14 }), (header, first, bits) => {
      const work = headerWork(header, target(2n ** BigInt(256 - bits)))
      const count = 40_000
      assert.equal(LOOPS['wasm-simd'](work, first, count), LOOPS.javascript(work, first, count))
    }),
    { numRuns: 40 },
  )
})
