import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeBlock, encodeTransaction, NULL_JOB_ID, type Transaction, txid } from '@camelid/codec'
import { coinbaseScriptSig, merkleBranch, merkleRoot } from '@camelid/consensus'
import fc from 'fast-check'
import { assembleBlock } from './assemble-block.ts'
import { headerFor, rolledTime, sameWork, type Template } from './template.ts'

function transaction(scriptSig: Uint8Array, index = 0xffffffff): Transaction {
  return {
    version: 1,
    vin: [{ prevout: { txid: new Uint8Array(32), index }, scriptSig, sequence: 0xffffffff }],
    vout: [{ value: 1n, scriptPubKey: Uint8Array.of(0x51) }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
}

function template(transactions: readonly Transaction[]): Template {
  const coinbase = encodeTransaction(transaction(coinbaseScriptSig(300, new Uint8Array(8))))
  const end = 42 + 3 + 1 + 8
  return {
    height: 300,
    header: new Uint8Array(80),
    coinbasePrefix: coinbase.slice(0, end - 8),
    coinbaseSuffix: coinbase.slice(end),
    merkleBranch: merkleBranch([new Uint8Array(32), ...transactions.map((tx) => txid(tx))], 0),
    target: new Uint8Array(32).fill(0xff),
    time: 1_000,
    minTime: 900,
    maxTime: 1_005,
  }
}

test('the block that threads and template make holds its own merkle root, whatever the extra nonce', () => {
  const extraNonces = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
  fc.assert(
    fc.property(fc.nat({ max: 9 }), extraNonces, (count, extraNonce) => {
      const transactions = Array.from({ length: count }, (_, i) => transaction(Uint8Array.of(1), i))
      const work = template(transactions)
      const header = headerFor(work, extraNonce, 1_003)
      const raw = assembleBlock({
        work,
        header,
        extraNonce,
        transactions: transactions.map((tx) => encodeTransaction(tx)),
      })
      const block = decodeBlock(raw)
      assert.equal(block.header.time, 1_003)
      assert.deepEqual(block.header.merkleRoot, merkleRoot(block.transactions.map((tx) => txid(tx))).root)
      assert.equal(block.transactions.length, count + 1)
    }),
    { numRuns: 50 },
  )
})

test('time follows the clock of the chain, never below the median nor ahead of what is allowed', () => {
  const work = template([])
  assert.equal(rolledTime(work, 0), 1_000)
  assert.equal(rolledTime(work, 2_999), 1_002)
  assert.equal(rolledTime({ ...work, minTime: 1_004 }, 1_000), 1_004)
  assert.equal(rolledTime({ ...work, minTime: 2_000 }, 3_000), 1_008)
})

test('only another parent, reward or list of transactions is other work', () => {
  const work = template([])
  assert.equal(sameWork(work, { ...template([]), time: 1_001 }), true)
  assert.equal(sameWork(work, template([transaction(Uint8Array.of(1), 1)])), false)
  assert.equal(sameWork(work, { ...work, header: new Uint8Array(80).fill(1) }), false)
})
