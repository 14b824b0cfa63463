import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hexToBytes } from '@camelid/crypto'
import fc from 'fast-check'
import { displayHash } from '../bytes/display-hash.ts'
import { block, header } from '../testing/arbitraries.ts'
import { assertOneEncoding } from '../testing/hostile.ts'
import { txid } from '../transaction/encode-transaction.ts'
import { NULL_JOB_ID } from '../transaction/transaction.ts'
import { decodeBlock, decodeBlockWithIds, encodeBlock, MAX_BLOCK_BYTES } from './block.ts'
import { decodeHeader, encodeHeader, headerHash } from './header.ts'

test('a header has one encoding of 80 bytes', () => {
  assertOneEncoding({ value: header, encode: encodeHeader, decode: decodeHeader })
})

test('a block has one encoding, and nothing else is read as one', () => {
  assertOneEncoding({ value: block, encode: (b) => encodeBlock(b), decode: (bytes) => decodeBlock(bytes), numRuns: 50 })
})

test('the ids of a block are those of its transactions, each by itself', () => {
  fc.assert(
    fc.property(block, (made) => {
      const { block: read, txids } = decodeBlockWithIds(encodeBlock(made))
      assert.deepEqual(read, decodeBlock(encodeBlock(made)))
      assert.deepEqual(
        txids,
        made.transactions.map((transaction) => txid(transaction)),
      )
    }),
    { numRuns: 50 },
  )
})

test("Bitcoin's first block is read in legacy mode, with its well-known hash", () => {
  const bytes = hexToBytes(
    '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c0101000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000',
  )
  const genesis = decodeBlock(bytes, 'legacy')
  assert.deepEqual(encodeBlock(genesis, 'legacy'), bytes)
  assert.equal(
    displayHash(headerHash(genesis.header)),
    '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
  )
})

test('a block above the limit, or with a transaction above its own, is refused', () => {
  assert.throws(() => decodeBlock(new Uint8Array(MAX_BLOCK_BYTES + 1)), { code: 'TOO_LONG' })
  const big = {
    version: 1,
    vin: [{ prevout: { txid: new Uint8Array(32), index: 0 }, scriptSig: new Uint8Array(100_000), sequence: 0 }],
    vout: [],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
  const head = { version: 1, prevHash: NULL_JOB_ID, merkleRoot: NULL_JOB_ID, time: 0, bits: 0, nonce: 0 }
  assert.throws(() => decodeBlock(encodeBlock({ header: head, transactions: [big] })), { code: 'TOO_LONG' })
  assert.equal(
    decodeBlock(encodeBlock({ header: head, transactions: [big] }, 'legacy'), 'legacy').transactions.length,
    1,
  )
})
