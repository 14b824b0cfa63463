import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NULL_JOB_ID, type Transaction } from '@camelid/codec'
import { networkParams } from '@camelid/consensus'
import { BlockCache, type LoadedBlock } from './block-cache.ts'

const { header } = networkParams('local').genesis

function block(size: { bytes: number; outputs: number }): LoadedBlock {
  const vout = new Array<Transaction['vout'][number]>(size.outputs).fill({ value: 0n, scriptPubKey: new Uint8Array() })
  const transaction: Transaction = { version: 1, vin: [], vout, lockTime: 0, jobId: NULL_JOB_ID }
  return {
    raw: new Uint8Array(size.bytes),
    block: { header, transactions: [transaction] },
    txids: [new Uint8Array(32)],
  }
}

test('few blocks of many small outputs are held, and many blocks of few', () => {
  const held = (size: { bytes: number; outputs: number }): number => {
    const cache = new BlockCache()
    const one = block(size)
    for (let n = 0; n < 200; n++) cache.remember(new Uint8Array(32).fill(n), one)
    return cache.size
  }
  assert.equal(held({ bytes: 1_000, outputs: 2 }), 200)
  assert.ok(held({ bytes: 1_000_000, outputs: 2 }) < 120)
  assert.equal(held({ bytes: 4_000_000, outputs: 200_000 }), 1)
})
