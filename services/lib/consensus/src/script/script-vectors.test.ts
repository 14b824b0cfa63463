import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NULL_JOB_ID, type Transaction, txid } from '@camelid/codec'
import { readVectors, vectorFiles, vectorsMissing } from '@camelid/codec/testing'
import { parseAsm } from '../testing/parse-asm.ts'
import { parseFlags } from '../testing/parse-flags.ts'
import { Tally } from '../testing/tally.ts'
import { pushData } from './push-data.ts'
import { ScriptError } from './script-error.ts'
import { verifyInput } from './verify-input.ts'

/** A comment alone, or scriptSig, scriptPubKey, flags, expected code, comment. */
type Row = readonly [string] | readonly [string, string, string, string, string?]

/** Spends an output of the given script as the vectors' preface says: a crediting coinbase of two zeros, a spend with one empty output. */
function spendOf(scriptSig: Uint8Array, scriptPubKey: Uint8Array): { tx: Transaction; spent: Transaction['vout'][0] } {
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

function outcome(scriptSig: string, scriptPubKey: string, flags: number): string {
  try {
    verifyInput({ ...spendOf(parseAsm(scriptSig), parseAsm(scriptPubKey)), index: 0, flags, mode: 'legacy' })
    return 'OK'
  } catch (error) {
    if (error instanceof ScriptError) return error.code
    throw error
  }
}

test('scripts end as in the vectors of Bitcoin', { skip: vectorsMissing() }, (t) => {
  for (const file of vectorFiles('bitcoin', /^script_tests/)) {
    const tally = new Tally()
    for (const row of readVectors(file) as Row[]) {
      if (row.length === 1) continue
      if (Array.isArray(row[0])) {
        tally.skip('with a witness')
        continue
      }
      const [scriptSig, scriptPubKey, flagNames, expected, comment] = row
      if (expected.startsWith('WITNESS') || expected === 'MINIMALIF') {
        tally.skip('fails by a witness rule')
        continue
      }
      const { flags } = parseFlags(flagNames)
      tally.row(`${JSON.stringify([scriptSig, scriptPubKey, flagNames])} ${comment ?? ''}`, () => {
        assert.equal(outcome(scriptSig, scriptPubKey, flags), expected)
      })
    }
    t.diagnostic(`${file}: ${tally.toString()}`)
    assert.deepEqual(tally.failures, [])
    assert.ok(tally.passed > 0)
  }
})
