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

/** Names of results in files of other ages. */
const OTHER_NAMES: Readonly<Record<string, string>> = { UNKNOWN_ERROR: 'SCRIPTNUM' }

/**
 * script_tests.json of Bitcoin Core: [[witness…, amount]?, scriptSig, scriptPubKey, flags, result, comment?].
 * Each script must end in the very result that its row names. @throws VectorFileError
 */
export function judgeScripts(file: unknown): Tally {
  const tally = new Tally()
  for (const { name, cells } of coreRows(file)) tally.row(name, () => judgeRow(cells))
  return tally
}

function judgeRow(cells: readonly unknown[]): string | undefined {
  if (Array.isArray(cells[0])) return 'with a witness'
  const [scriptSig = '', scriptPubKey = '', flags = '', result = ''] = cells.slice(0, 4).map(asText)
  const expected = OTHER_NAMES[result] ?? result
  assert.ok(
    expected !== '',
    'a row names no result: take script_tests.json, not script_valid.json or script_invalid.json',
  )
  if (FOREIGN_RESULT.test(expected)) return 'that fail by a rule of witnesses'
  const spend = spendOf(parseAsm(scriptSig), parseAsm(scriptPubKey))
  const bits = flagBits(parseFlagNames(flags))
  const ended = refusalOf(() => verifyInput({ ...spend, index: 0, flags: bits, mode: 'legacy' })) ?? 'OK'
  assert.equal(ended, expected, `${JSON.stringify(cells)} ends in ${ended}, not ${expected}`)
  return undefined
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
