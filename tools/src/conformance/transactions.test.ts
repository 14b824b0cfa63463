import assert from 'node:assert/strict'
import { test } from 'node:test'
import { displayHash, encodeTransaction, NULL_JOB_ID, type Transaction } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { judged, sums } from './testing.ts'

const PREVIOUS = new Uint8Array(32).fill(7)
const TRUE = Uint8Array.of(0x51)
const TX: Transaction = {
  version: 1,
  vin: [{ prevout: { txid: PREVIOUS, index: 0 }, scriptSig: new Uint8Array(), sequence: 0xffffffff }],
  vout: [{ value: 5n, scriptPubKey: TRUE }],
  lockTime: 0,
  jobId: NULL_JOB_ID,
}
const hexOf = (tx: Transaction) => bytesToHex(encodeTransaction(tx, 'legacy'))
const HEX = hexOf(TX)
const spending = (asm: string) => [[displayHash(PREVIOUS), 0, asm]]
const row = (asm: string, flags: unknown, hex = HEX) => [spending(asm), hex, flags]
// Marker, flag, one input, one output, one witness of one byte.
const WITH_WITNESS = `${HEX.slice(0, 8)}0001${HEX.slice(8, -8)}010100${HEX.slice(-8)}`

const LEAVE_OUT = [['They are in the form'], ['serializedTransaction, excluded verifyFlags]']]
const APPLY = [['They are in the form'], ['serializedTransaction, verifyFlags]']]

test('tx-valid: flags are left out as newer files have it, and no more of them than must be', () => {
  const { well, printed } = judged('tx-valid', [
    ...LEAVE_OUT,
    row('1', 'NONE'),
    row('1 1', 'CLEANSTACK'),
    row('0x4c 0x01 0x07 1', 'CLEANSTACK,MINIMALDATA'),
    row('1', 'NONE', WITH_WITNESS),
    row('1 0x02 0x0000', 'DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM'),
  ])
  assert.ok(well, printed)
  assert.match(printed, / {2}skipped 1: with a witness\n {2}skipped 1: that hold by a rule of witnesses\n/)
  assert.match(printed, sums(3, 0, 2))
})

test('tx-valid: a row fails that is not valid, or valid with a flag that it leaves out', () => {
  const wrong = [
    row('0', 'NONE'),
    row('1 1', 'NONE'),
    row('1', 'CLEANSTACK'),
    row('0x4c 0x01 0x07', 'LOW_S,MINIMALDATA'),
    row('1', 'FLY'),
    row('FLY', 'NONE'),
    row('1', 'NONE', `${HEX}00`),
    row('1', 'NONE', HEX.slice(2)),
    row('1', 'NONE', hexOf({ ...TX, vout: [] })),
    [[], HEX, 'NONE'],
    [spending('1'), HEX],
    ['1', HEX, 'NONE'],
  ]
  for (const one of wrong) {
    const { well, printed } = judged('tx-valid', [...LEAVE_OUT, one, row('1', 'NONE')])
    assert.ok(!well, JSON.stringify(one))
    assert.match(printed, sums(1, 1, 0))
  }
})

test('tx-valid: flags are rules in older files, with a preface or without, and in the oldest true or false', () => {
  const rows = [row('1 1', 'P2SH'), row('1', 'P2SH,CLEANSTACK'), row('0x4c 0x01 0x07', 'NONE')]
  assert.match(judged('tx-valid', [...APPLY, ...rows]).printed, sums(3, 0, 0))
  assert.match(judged('tx-valid', rows).printed, sums(3, 0, 0))
  assert.match(judged('tx-valid', [row('1 1', true), row('1 1', false)]).printed, sums(2, 0, 0))
  assert.match(judged('tx-valid', [...APPLY, row('1 1', 'P2SH,CLEANSTACK')]).printed, sums(0, 1, 0))
})

test('tx-invalid: rows fail to be valid by themselves or by the rules they name, in older files for any reason', () => {
  const tooMuch = hexOf({ ...TX, vout: [{ value: 2_100_000_000_000_001n, scriptPubKey: TRUE }] })
  const { well, printed } = judged('tx-invalid', [
    ...APPLY,
    row('0', 'P2SH'),
    row('1 1', 'P2SH,CLEANSTACK'),
    row('1', 'P2SH', hexOf({ ...TX, vout: [] })),
    row('1', 'P2SH', hexOf({ ...TX, vin: [] })),
    row('1', 'P2SH', hexOf({ ...TX, vin: [...TX.vin, ...TX.vin] })),
    row('1', 'P2SH', hexOf({ ...TX, vout: [{ value: 0xffffffffffffffffn, scriptPubKey: TRUE }] })),
    row('1', 'P2SH', tooMuch),
    row('1', 'P2SH', WITH_WITNESS),
    row('1', 'P2SH,WITNESS'),
  ])
  assert.ok(well, printed)
  assert.match(printed, / {2}skipped 1: with a witness\n {2}skipped 1: that fail by a rule of witnesses\n/)
  assert.match(printed, sums(7, 0, 2))
})

test('tx-invalid: a row fails that is valid, or that is refused only because nobody understands it', () => {
  const wrong = [
    row('1', 'P2SH'),
    row('1 1', 'P2SH'),
    row('FLY', 'P2SH'),
    row('0', 'FLY'),
    [[], HEX, 'P2SH'],
    row('0', 'P2SH', 'zz'),
  ]
  for (const one of wrong) {
    const { well, printed } = judged('tx-invalid', [...APPLY, one, row('0', 'P2SH')])
    assert.ok(!well, JSON.stringify(one))
    assert.match(printed, sums(1, 1, 0))
  }
})

test('tx-invalid: files with BADTX say exactly which rules a row needs to fail', () => {
  const bad = row('1', 'BADTX', hexOf({ ...TX, vout: [] }))
  const right = judged('tx-invalid', [
    ...APPLY,
    bad,
    row('0', 'NONE'),
    row('1 1', 'P2SH,CLEANSTACK,WITNESS'),
    row('0x4c 0x01 0x07', 'MINIMALDATA'),
  ])
  assert.match(right.printed, sums(3, 0, 1))
  assert.ok(right.well)
  const wrong = [
    row('1', 'BADTX'),
    row('0', 'P2SH'),
    row('0x4c 0x01 0x07', 'MINIMALDATA,LOW_S'),
    row('1', 'NONE', hexOf({ ...TX, vout: [] })),
  ]
  for (const one of wrong) assert.match(judged('tx-invalid', [...APPLY, bad, one]).printed, sums(1, 1, 0))
})
