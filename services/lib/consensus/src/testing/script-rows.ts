import assert from 'node:assert/strict'
import { NULL_JOB_ID, type Transaction, type TxOut, txid } from '@camelid/codec'
import { asText } from '@camelid/crypto/testing/json'
import { refusalOf } from '@camelid/crypto/testing/refusal'
import { Tally } from '@camelid/crypto/testing/tally'
import { pushData } from '../script/push-data.ts'
import { verifyInput } from '../script/verify-input.ts'
import { coreRows } from './core-rows.ts'
import { parseAsm } from './parse-asm.ts'
import { flagBits, parseFlagNames } from './parse-flags.ts'

/** Results that only rules of segregated witness and taproot have. */
const FOREIGN_RESULT = /^(WITNESS|TAPROOT|TAPSCRIPT|SCHNORR|MINIMALIF|DISCOURAGE_(OP_SUCCESS|UPGRADABLE_(?!NOPS)))/

/** In older files, the result of a script with a number that is none; none of today's has it. */
const OLD_RESULT = 'UNKNOWN_ERROR'

/**
 * script_tests.json of Bitcoin Core: [[witness…, amount]?, scriptSig, scriptPubKey, flags, result, comment?].
 * Each script must end in the very result that its row names. @throws VectorFileError
 */
export function judgeScripts(file: unknown): Tally {
  const tally = new Tally()
  const old = [...coreRows(file)].some(({ cells }) => cells.includes(OLD_RESULT))
  for (const { name, cells } of coreRows(file)) tally.row(name, () => judgeRow(cells, old))
  return tally
}

function judgeRow(cells: readonly unknown[], old: boolean): string | undefined {
  if (Array.isArray(cells[0])) return 'with a witness'
  const [scriptSig = '', scriptPubKey = '', flags = '', expected = ''] = cells.slice(0, 4).map(asText)
  assert.ok(
    expected !== '',
    'a row names no result: take script_tests.json, not the older script_valid or script_invalid',
  )
  if (FOREIGN_RESULT.test(expected)) return 'that fail by a rule of witnesses'
  const spend = spendOf(parseAsm(scriptSig), parseAsm(scriptPubKey))
  const bits = flagBits(parseFlagNames(flags))
  const ended = refusalOf(() => verifyInput({ ...spend, index: 0, flags: bits, mode: 'legacy' })) ?? 'OK'
  if (old && isLockTimeAsNop(scriptPubKey, expected)) return 'by a rule that Bitcoin Core has given up'
  const same = ended === expected || (old && ended === todaysResult(expected))
  assert.ok(same, `${JSON.stringify(cells)} ends in ${ended}, not ${expected}`)
  return undefined
}

/** What an older file calls otherwise: beside numbers, an IF for which nothing is on the stack. */
function todaysResult(old: string): string {
  if (old === OLD_RESULT) return 'SCRIPTNUM'
  return old === 'UNBALANCED_CONDITIONAL' ? 'INVALID_STACK_OPERATION' : old
}

/** CLTV and CSV, where their flags did not make them rules, were once discouraged like the NOPs that they had been. */
function isLockTimeAsNop(scriptPubKey: string, expected: string): boolean {
  return expected === 'DISCOURAGE_UPGRADABLE_NOPS' && /CHECK(LOCKTIME|SEQUENCE)VERIFY/.test(scriptPubKey)
}

/** Spends an output of the given script as the vectors' preface says: a crediting coinbase of two zeros, a spend with one empty output. */
function spendOf(scriptSig: Uint8Array, scriptPubKey: Uint8Array): { tx: Transaction; spent: TxOut } {
  const frame = { version: 1, lockTime: 0, jobId: NULL_JOB_ID }
  const spent = { value: 0n, scriptPubKey }
  const crediting: Transaction = {
    ...frame,
    vin: [
      {
        prevout: { txid: new Uint8Array(32), index: 0xffffffff },
        scriptSig: Uint8Array.of(...pushData(new Uint8Array()), ...pushData(new Uint8Array())),
        sequence: 0xffffffff,
      },
    ],
    vout: [spent],
  }
  const tx: Transaction = {
    ...frame,
    vin: [{ prevout: { txid: txid(crediting, 'legacy'), index: 0 }, scriptSig, sequence: 0xffffffff }],
    vout: [{ value: 0n, scriptPubKey: new Uint8Array() }],
  }
  return { tx, spent }
}
