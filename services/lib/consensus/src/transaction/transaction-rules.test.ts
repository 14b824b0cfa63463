import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeTransaction, MAX_MONEY, NULL_JOB_ID, type Transaction } from '@camelid/codec'
import { hash160, publicKeyOf } from '@camelid/crypto'
import { networkParams } from '../params/networks.ts'
import { CONSENSUS_FLAGS, STANDARD_FLAGS } from '../script/flags.ts'
import { pushData } from '../script/push-data.ts'
import { signP2pkhInput } from '../script/sign-p2pkh-input.ts'
import { opReturnScript } from '../script/template/op-return.ts'
import { p2pkhScript } from '../script/template/p2pkh.ts'
import { p2shScript } from '../script/template/p2sh.ts'
import { verifyInput } from '../script/verify-input.ts'
import { checkTransactionInIsolation } from './check-transaction-in-isolation.ts'
import { checkTransactionInputs } from './check-transaction-inputs.ts'
import { checkInputsStandard, checkTransactionStandard } from './check-transaction-standard.ts'
import { isFinal } from './finality.ts'
import { sequenceLocksMet } from './sequence-locks.ts'
import { transactionSize } from './transaction-size.ts'

const PARAMS = networkParams('local')
const SECRET = new Uint8Array(32).fill(1)
const KEY = publicKeyOf(SECRET)
const SCRIPT = p2pkhScript(hash160(KEY))
const [INPUT] = [
  { prevout: { txid: new Uint8Array(32).fill(2), index: 0 }, scriptSig: new Uint8Array(), sequence: 0xffffffff },
]
const OUTPUT = { value: 90n, scriptPubKey: SCRIPT }
const TX: Transaction = { version: 2, vin: [INPUT], vout: [OUTPUT], lockTime: 0, jobId: NULL_JOB_ID }
const NULL_PREVOUT = { txid: new Uint8Array(32), index: 0xffffffff }
const COINBASE: Transaction = {
  ...TX,
  vin: [{ ...INPUT, prevout: NULL_PREVOUT, scriptSig: Uint8Array.of(1, 5) }],
}
const COIN_OF_100 = { output: { value: 100n, scriptPubKey: SCRIPT }, height: 10, coinbase: false }

const isolated = (changes: Partial<Transaction>) => () => checkTransactionInIsolation({ ...TX, ...changes }, PARAMS)

test('a transaction needs inputs and outputs, each spent once, of values that exist', () => {
  isolated({})()
  assert.throws(isolated({ vin: [] }), { code: 'NO_INPUTS' })
  assert.throws(isolated({ vout: [] }), { code: 'NO_OUTPUTS' })
  assert.throws(isolated({ vin: [INPUT, INPUT] }), { code: 'DUPLICATE_INPUT' })
  assert.throws(isolated({ vin: [INPUT, { ...INPUT, prevout: NULL_PREVOUT }] }), { code: 'NULL_INPUT' })
  isolated({ vout: [{ ...OUTPUT, value: MAX_MONEY }] })()
  assert.throws(isolated({ vout: [{ ...OUTPUT, value: MAX_MONEY + 1n }] }), { code: 'VALUE_TOO_BIG' })
  assert.throws(
    isolated({
      vout: [
        { ...OUTPUT, value: MAX_MONEY },
        { ...OUTPUT, value: 1n },
      ],
    }),
    { code: 'VALUE_TOO_BIG' },
  )
})

test('at most 100,000 bytes, counted as they are encoded', () => {
  const room = 100_000 - transactionSize({ ...TX, vout: [] })
  for (const [excess, fits] of [
    [0, true],
    [1, false],
  ] as const) {
    // 8 bytes of value, 5 of script length (3 would do below 65,536).
    const tx = { ...TX, vout: [{ value: 0n, scriptPubKey: new Uint8Array(room - 13 + excess) }] }
    assert.equal(encodeTransaction(tx).length, 100_000 + excess)
    assert.equal(transactionSize(tx), 100_000 + excess)
    if (fits) checkTransactionInIsolation(tx, PARAMS)
    else assert.throws(() => checkTransactionInIsolation(tx, PARAMS), { code: 'TRANSACTION_TOO_BIG' })
  }
})

test('a coinbase has 2 to 100 bytes of script and no job', () => {
  checkTransactionInIsolation(COINBASE, PARAMS)
  const withScript = (length: number): Transaction => ({
    ...COINBASE,
    vin: [{ ...INPUT, prevout: NULL_PREVOUT, scriptSig: new Uint8Array(length) }],
  })
  for (const length of [1, 101]) {
    assert.throws(() => checkTransactionInIsolation(withScript(length), PARAMS), { code: 'BAD_COINBASE' })
  }
  const forJob = { ...COINBASE, jobId: new Uint8Array(32).fill(1) }
  assert.throws(() => checkTransactionInIsolation(forJob, PARAMS), { code: 'BAD_COINBASE' })
})

test('inputs are there, mature, and cover the outputs; the rest is the fee', () => {
  const inputs = (spent: Parameters<typeof checkTransactionInputs>[1]['spent'], height = 20) =>
    checkTransactionInputs(TX, { spent, height, params: PARAMS })
  assert.deepEqual(inputs([COIN_OF_100]), { fee: 10n })
  assert.throws(() => inputs([null]), { code: 'MISSING_INPUT', score: 0 })
  assert.throws(() => inputs([]), { code: 'MISSING_INPUT' })
  const short = { ...COIN_OF_100, output: { ...OUTPUT, value: 89n } }
  assert.throws(() => inputs([short]), { code: 'INSUFFICIENT_INPUT' })
  const reward = { ...COIN_OF_100, coinbase: true }
  assert.throws(() => inputs([reward], 10 + PARAMS.coinbaseMaturity - 1), { code: 'IMMATURE_COINBASE' })
  assert.deepEqual(inputs([reward], 10 + PARAMS.coinbaseMaturity), { fee: 10n })
})

test('lockTime is a height or a median time; final sequences wave it', () => {
  const locked = (lockTime: number, sequence = 0xfffffffe) => ({ ...TX, lockTime, vin: [{ ...INPUT, sequence }] })
  assert.equal(isFinal(locked(0), 1, 1), true)
  assert.equal(isFinal(locked(100), 100, 2_000_000_000), false)
  assert.equal(isFinal(locked(100), 101, 0), true)
  assert.equal(isFinal(locked(1_900_000_000), 1_000_000, 1_900_000_000), false)
  assert.equal(isFinal(locked(1_900_000_000), 1, 1_900_000_001), true)
  assert.equal(isFinal(locked(1_900_000_000, 0xffffffff), 1, 1), true)
  // A testament's 500,000,000 is a time long past.
  assert.equal(isFinal(locked(500_000_000), 1, 1_700_000_000), true)
})

test('a sequence locks an input by blocks or by 512 seconds from its coin on (BIP68)', () => {
  const met = (sequence: number, height: number, medianTime: number, version = 2) =>
    sequenceLocksMet(
      { ...TX, version, vin: [{ ...INPUT, sequence }] },
      { spent: [COIN_OF_100], height, medianTime, medianTimeAt: (at) => (at === 9 ? 5_000 : assert.fail(String(at))) },
    )
  assert.deepEqual([met(5, 14, 0), met(5, 15, 0)], [false, true])
  assert.deepEqual([met(0x400002, 11, 6_023), met(0x400002, 11, 6_024)], [false, true])
  assert.equal(met(5, 11, 0, 1), true)
  assert.equal(met(0x80000005, 11, 0), true)
  assert.equal(met(0xfffffffe, 11, 0), true)
})

test('a signed input is good under both sets of flags, and bad for another transaction or job', () => {
  const tx = { ...TX, jobId: new Uint8Array(32).fill(8) }
  const scriptSig = signP2pkhInput(tx, 0, SECRET, KEY)
  const signed = { ...tx, vin: [{ ...INPUT, scriptSig }] }
  for (const flags of [CONSENSUS_FLAGS, STANDARD_FLAGS]) {
    const judge = (judged: Transaction) => verifyInput({ tx: judged, index: 0, spent: COIN_OF_100.output, flags })
    judge(signed)
    const otherJob = { ...signed, jobId: NULL_JOB_ID }
    assert.throws(() => judge(otherJob))
    const otherValue = { ...signed, vout: [{ ...OUTPUT, value: 91n }] }
    assert.throws(() => judge(otherValue))
  }
})

test('unknown scripts, a second or a long OP_RETURN and a working scriptSig are not standard', () => {
  const data = (length: number) => ({ value: 0n, scriptPubKey: opReturnScript(new Uint8Array(length)) })
  const standard = (changes: Partial<Transaction>) => () => checkTransactionStandard({ ...TX, ...changes })
  standard({ vout: [OUTPUT, data(80)] })()
  assert.throws(standard({ vout: [data(81)] }), { code: 'NOT_STANDARD', score: 0 })
  assert.throws(standard({ vout: [data(1), data(1)] }), { code: 'NOT_STANDARD' })
  assert.throws(standard({ vout: [{ value: 1n, scriptPubKey: Uint8Array.of(0x51) }] }), { code: 'NOT_STANDARD' })
  assert.throws(standard({ vin: [{ ...INPUT, scriptSig: Uint8Array.of(0x51, 0x61) }] }), { code: 'NOT_STANDARD' })
})

test('a spend of an unknown script, or with thousands of signature checks behind hashes, is not standard', () => {
  const standard = (scriptPubKey: Uint8Array, scriptSig: Uint8Array, inputs: number) => () => {
    const vin = Array.from({ length: inputs }, () => ({ ...INPUT, scriptSig }))
    const coin = { ...COIN_OF_100, output: { value: 100n, scriptPubKey } }
    checkInputsStandard({ ...TX, vin }, new Array(inputs).fill(coin), PARAMS)
  }
  standard(SCRIPT, new Uint8Array(), 1)()
  assert.throws(standard(Uint8Array.of(0x51), new Uint8Array(), 1), { code: 'NOT_STANDARD', score: 0 })
  // 100 times CHECKMULTISIG of a number of keys that is not pushed right before it: 20 checks each.
  const redeemScript = new Uint8Array(100).fill(0xae)
  const spendHash = (inputs: number) => standard(p2shScript(hash160(redeemScript)), pushData(redeemScript), inputs)
  spendHash(1)()
  assert.throws(spendHash(2), { code: 'NOT_STANDARD', score: 0 })
})
