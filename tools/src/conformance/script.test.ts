import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judged, sums } from './testing.ts'

const PREFACE = ['Format is: [[wit..., amount]?, scriptSig, scriptPubKey, flags, expected_scripterror, ... comments]']
const ALIKE = ['1', '1 EQUAL', 'P2SH,STRICTENC', 'OK', 'a comment']

test('rows pass whose scripts end as they say; remarks are no rows, rows of witnesses are skipped by reason', () => {
  const { well, printed } = judged('script', [
    PREFACE,
    ALIKE,
    ["'Az'  0x01 0x05", "5 EQUALVERIFY 'Az' EQUAL", '', 'OK'],
    ['-1 2147483647', 'DROP 1NEGATE EQUAL', 'NONE', 'OK'],
    ['1', '0 EQUAL', 'P2SH', 'EVAL_FALSE'],
    ['', 'OP_RETURN', '', 'OP_RETURN'],
    ['NOP', 'IF 1 ENDIF', 'P2SH,STRICTENC', 'INVALID_STACK_OPERATION'],
    ['2147483648', '1ADD', '', 'SCRIPTNUM'],
    [['51', 0.00000001], '', '0 0x20 0x00', 'P2SH,WITNESS', 'OK'],
    [[0.1], '', '1', '', 'OK'],
    ['', '0 0x02 0x0000', 'P2SH,WITNESS', 'WITNESS_PROGRAM_WRONG_LENGTH'],
    ['1', 'IF 1 ENDIF', 'WITNESS,MINIMALIF', 'MINIMALIF'],
  ])
  assert.ok(well, printed)
  assert.match(printed, / {2}skipped 2: with a witness\n/)
  assert.match(printed, / {2}skipped 2: that fail by a rule of witnesses\n/)
  assert.match(printed, sums(7, 0, 4))
})

test('a row fails whose script ends otherwise, or which is not understood', () => {
  const wrong = [
    ['1', '0 EQUAL', 'P2SH', 'OK'],
    ['1', '1 EQUAL', 'P2SH', 'EVAL_FALSE'],
    ['1', '0 EQUAL', 'P2SH', 'VERIFY'],
    ['1', '0 EQUAL', 'P2SH', 'NO_SUCH_RESULT'],
    ['1', 'FLY', 'P2SH', 'BAD_OPCODE'],
    ['0xzz', '1', 'P2SH', 'BAD_OPCODE'],
    ['1', '1', 'P2SH,FLY', 'OK'],
    ['1', '1', 'P2SH'],
    ['1', '1', 'P2SH', 7],
  ]
  for (const row of wrong) {
    const { well, printed } = judged('script', [['The one that fails'], row, ALIKE])
    assert.ok(!well, JSON.stringify(row))
    assert.match(printed, /FAILED row 2 \(The one that fails\): /)
    assert.match(printed, sums(1, 1, 0))
  }
})

test("Bitcoin Core's older files are known by a result that they alone have, and read by its older names", () => {
  const older = [
    ['2147483648', '1ADD', '', 'UNKNOWN_ERROR'],
    ['NOP', 'IF 1 ENDIF', 'P2SH,STRICTENC', 'UNBALANCED_CONDITIONAL'],
    ['9223372036854775807', 'SIZE 8 EQUALVERIFY 0x08 0xffffffffffffff7f EQUAL', '', 'OK'],
    ['-9223372036854775807', '0x08 0xffffffffffffffff EQUAL', '', 'OK'],
    ['-36028797018963968', '0x08 0x0000000000008080 EQUAL', '', 'OK'],
    ['1', 'NOP1', 'DISCOURAGE_UPGRADABLE_NOPS', 'DISCOURAGE_UPGRADABLE_NOPS'],
    ['1', 'CHECKLOCKTIMEVERIFY', 'P2SH,DISCOURAGE_UPGRADABLE_NOPS', 'DISCOURAGE_UPGRADABLE_NOPS'],
  ]
  const { well, printed } = judged('script', older)
  assert.ok(well, printed)
  assert.match(printed, / {2}skipped 1: by a rule that Bitcoin Core has given up\n/)
  assert.match(printed, sums(6, 0, 1))
  assert.match(judged('script', older.slice(1)).printed, sums(4, 2, 0))
})
