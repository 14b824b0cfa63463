import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concatBytes, hexToBytes, sha256d } from '@camelid/crypto'
import fc from 'fast-check'
import { displayHash } from '../bytes/display-hash.ts'
import { outPoint, transaction } from '../testing/arbitraries.ts'
import { assertOneEncoding } from '../testing/hostile.ts'
import { decodeTransaction } from './decode-transaction.ts'
import { encodeTransaction, txid } from './encode-transaction.ts'
import { decodeOutPoint, encodeOutPoint, outPointKey } from './out-point.ts'
import { hasJob, isCoinbase, MAX_MONEY, MAX_TRANSACTION_BYTES, NULL_JOB_ID, type Transaction } from './transaction.ts'

const EMPTY: Transaction = { version: 1, vin: [], vout: [], lockTime: 0, jobId: NULL_JOB_ID }
const spend = (index: number, scriptBytes = 0) => ({
  prevout: { txid: new Uint8Array(32), index },
  scriptSig: new Uint8Array(scriptBytes),
  sequence: 0,
})
const pay = (value: bigint) => ({ value, scriptPubKey: new Uint8Array(0) })
const reread = (tx: Transaction) => decodeTransaction(encodeTransaction(tx))

test('a transaction has one encoding, and nothing else is read as one', () => {
  assertOneEncoding({
    value: transaction,
    encode: (tx) => encodeTransaction(tx),
    decode: (bytes) => decodeTransaction(bytes),
  })
})

test('an outpoint has one encoding of 36 bytes', () => {
  assertOneEncoding({ value: outPoint, encode: encodeOutPoint, decode: decodeOutPoint })
  assert.equal(outPointKey({ txid: new Uint8Array(32).fill(0xab), index: 7 }), `${'ab'.repeat(32)}:7`)
})

test('without its last 32 bytes a transaction is a legacy one', () => {
  fc.assert(
    fc.property(transaction, (tx) => {
      const bytes = encodeTransaction(tx)
      const legacy = encodeTransaction(tx, 'legacy')
      assert.deepEqual(concatBytes(legacy, tx.jobId), bytes)
      assert.deepEqual(decodeTransaction(legacy, 'legacy'), { ...tx, jobId: NULL_JOB_ID })
      assert.deepEqual(txid(tx), sha256d(bytes))
    }),
  )
})

test('a transaction that spends an output twice is refused', () => {
  assert.throws(() => reread({ ...EMPTY, vin: [spend(0), spend(1), spend(0)] }), { code: 'DUPLICATE_INPUT' })
})

test('outputs worth more than all coins, one or together, are refused', () => {
  assert.deepEqual(reread({ ...EMPTY, vout: [pay(MAX_MONEY)] }).vout[0]?.value, MAX_MONEY)
  for (const values of [[MAX_MONEY + 1n], [MAX_MONEY, 1n], [2n ** 64n - 1n], [1n, 2n ** 64n - 1n]]) {
    assert.throws(() => reread({ ...EMPTY, vout: values.map(pay) }), { code: 'VALUE_OVERFLOW' })
  }
})

test('a transaction of 100,000 bytes is read, one more byte is not', () => {
  const room = MAX_TRANSACTION_BYTES - encodeTransaction({ ...EMPTY, vin: [spend(0, 70_000)] }).length + 70_000
  assert.equal(encodeTransaction(reread({ ...EMPTY, vin: [spend(0, room)] })).length, MAX_TRANSACTION_BYTES)
  assert.throws(() => reread({ ...EMPTY, vin: [spend(0, room + 1)] }), { code: 'TOO_LONG' })
})

test('a count of inputs that cannot follow is refused at once', () => {
  // Version 1, then 33,554,432 inputs announced.
  assert.throws(() => decodeTransaction(Uint8Array.of(1, 0, 0, 0, 0xfe, 0, 0, 0, 2)), { code: 'TRUNCATED' })
})

test('a coinbase is known by its one input that spends nothing', () => {
  assert.ok(isCoinbase({ ...EMPTY, vin: [spend(0xffffffff)] }))
  assert.ok(!isCoinbase({ ...EMPTY, vin: [spend(0)] }))
  assert.ok(!isCoinbase({ ...EMPTY, vin: [spend(0xffffffff), spend(0)] }))
  assert.ok(!isCoinbase(EMPTY))
  assert.ok(!hasJob(EMPTY))
  assert.ok(hasJob({ ...EMPTY, jobId: new Uint8Array(32).fill(1, 31) }))
})

test('a well-known transaction has its well-known id', () => {
  // The first payment ever made between two people, Bitcoin block 170.
  const bytes = hexToBytes(
    '0100000001c997a5e56e104102fa209c6a852dd90660a20b2d9c352423edce25857fcd3704000000004847304402204e45e16932b8af514961a1d3a1a25fdf3f4f7732e9d624c6c61548ab5fb8cd410220181522ec8eca07de4860a4acdd12909d831cc56cbbac4622082221a8768d1d0901ffffffff0200ca9a3b00000000434104ae1a62fe09c5f51b13905f07f06b99a2f7159b2225f374cd378d71302fa28414e7aab37397f554a7df5f142c21c1b7303b8a0626f1baded5c72a704f7e6cd84cac00286bee0000000043410411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3ac00000000',
  )
  const id = displayHash(txid(decodeTransaction(bytes, 'legacy'), 'legacy'))
  assert.equal(id, 'f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16')
})
