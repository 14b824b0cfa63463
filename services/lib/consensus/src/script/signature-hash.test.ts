import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeTransaction, NULL_JOB_ID, type Transaction } from '@camelid/codec'
import { bytesToHex, concatBytes, hexToBytes, sha256d } from '@camelid/crypto'
import { testVectors } from '@camelid/crypto/testing/vector-test'
import { judgeSignatureHashes } from '../testing/sighash-rows.ts'
import { SigHash, signatureHash } from './signature-hash.ts'

const SCRIPT = hexToBytes('76a914000102030405060708090a0b0c0d0e0f1011121388ac')
const OUTPUT = { value: 5n, scriptPubKey: SCRIPT }
const input = (index: number) => ({
  prevout: { txid: new Uint8Array(32).fill(7), index },
  scriptSig: Uint8Array.of(1, 2),
  sequence: 0xfffffffe,
})
const TX: Transaction = {
  version: 1,
  vin: [input(0), input(1)],
  vout: [OUTPUT],
  lockTime: 9,
  jobId: new Uint8Array(32).fill(3),
}

/** The 4-byte type behind a preimage, little-endian. */
const typed = (bytes: Uint8Array, type: number) => sha256d(concatBytes(bytes, Uint8Array.of(type, 0, 0, 0)))
const withScript = (tx: Transaction, at: number): Transaction => ({
  ...tx,
  vin: tx.vin.map((one, i) => ({ ...one, scriptSig: i === at ? SCRIPT : new Uint8Array() })),
})

test('ALL signs the transaction with its job id before the hash type', () => {
  assert.deepEqual(signatureHash(TX, 1, SCRIPT, SigHash.ALL), typed(encodeTransaction(withScript(TX, 1)), 1))
})

test('another job id is another digest, except in legacy mode', () => {
  const other = { ...TX, jobId: NULL_JOB_ID }
  for (const type of [1, 2, 3, 0x81, 0x82, 0x83]) {
    assert.notDeepEqual(signatureHash(TX, 0, SCRIPT, type), signatureHash(other, 0, SCRIPT, type))
    assert.deepEqual(signatureHash(TX, 0, SCRIPT, type, 'legacy'), signatureHash(other, 0, SCRIPT, type, 'legacy'))
  }
})

test('NONE leaves outputs and the sequences of other inputs free', () => {
  const vin = withScript(TX, 0).vin.map((one, i) => (i === 0 ? one : { ...one, sequence: 0 }))
  const signed = encodeTransaction({ ...TX, vin, vout: [] })
  assert.deepEqual(signatureHash(TX, 0, SCRIPT, SigHash.NONE), typed(signed, 2))
})

test('ANYONECANPAY signs its own input alone', () => {
  const signed = encodeTransaction({ ...TX, vin: withScript(TX, 1).vin.slice(1) })
  assert.deepEqual(signatureHash(TX, 1, SCRIPT, SigHash.ALL | SigHash.ANYONECANPAY), typed(signed, 0x81))
})

test('SINGLE without an output of its own signs the number 1', () => {
  assert.equal(bytesToHex(signatureHash(TX, 1, SCRIPT, SigHash.SINGLE)), `01${'00'.repeat(31)}`)
})

test('CODESEPARATORs are no part of the script code, bytes of pushes and a cut-off tail are', () => {
  // The second 0xab is pushed data, the third follows a push that runs over the end.
  const script = hexToBytes('ab02ab0175ab05ab')
  const signed = encodeTransaction({ ...TX, vin: [{ ...input(0), scriptSig: hexToBytes('02ab017505ab') }] })
  assert.deepEqual(signatureHash({ ...TX, vin: [input(0)] }, 0, script, SigHash.ALL), typed(signed, 1))
})

testVectors("digests are Bitcoin's, with scripts and hash types at random", {
  folder: 'bitcoin',
  name: /^sighash/,
  judge: judgeSignatureHashes,
})
