import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { headerWork } from './header-work.ts'
import { scanNonces } from './scan-nonces.ts'

const ALL = new Uint8Array(32).fill(0xff)

function sha256d(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest()
}

function withNonce(header: Uint8Array, nonce: number): Uint8Array {
  const copy = header.slice()
  new DataView(copy.buffer).setUint32(76, nonce, true)
  return copy
}

test("finds the nonce of Bitcoin's genesis block and nothing before it", () => {
  const header = Buffer.from(
    '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d00000000',
    'hex',
  )
  const target = Buffer.alloc(32)
  target.writeUInt16LE(0xffff, 26)
  const work = headerWork(header, target)
  assert.equal(scanNonces(work, 2083236893 - 1000, 1000), -1)
  assert.equal(scanNonces(work, 2083236893 - 10, 100), 2083236893)
})

test('agrees with node:crypto on the exact target, and misses one below it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 80, maxLength: 80 }), fc.nat(0xffffffff), (header, nonce) => {
      const hash = sha256d(withNonce(header, nonce))
      assert.equal(scanNonces(headerWork(header, hash), nonce, 1), nonce)
      const value = BigInt(`0x${Buffer.from(hash).reverse().toString('hex')}`)
      const below = Buffer.from((value - 1n).toString(16).padStart(64, '0'), 'hex').reverse()
      assert.equal(scanNonces(headerWork(header, below), nonce, 1), -1)
    }),
    { numRuns: 300 },
  )
})

test('the highest target takes the first nonce, and the range wraps at 2^32', () => {
  const header = randomBytes(80)
  assert.equal(scanNonces(headerWork(header, ALL), 0xffffffff, 2), 0xffffffff)
  const last = sha256d(withNonce(header, 0xffffffff))
  const first = sha256d(withNonce(header, 0))
  const lower = Buffer.compare(Buffer.from(first).reverse(), Buffer.from(last).reverse()) < 0
  // Only nonce 0 is at or below its own hash, unless the nonce before it is lower still.
  if (lower) assert.equal(scanNonces(headerWork(header, first), 0xffffffff, 2), 0)
})
