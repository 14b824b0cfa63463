import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeTransaction, encodeTransaction, outPointKey, parseDisplayHash, type Transaction } from '@camelid/codec'
import { readVectors, vectorFiles, vectorsMissing } from '@camelid/codec/testing'
import { hexToBytes } from '@camelid/crypto'
import { ScriptFlag } from '../script/flags.ts'
import { verifyInput } from '../script/verify-input.ts'
import { parseAsm } from '../testing/parse-asm.ts'
import { parseFlags } from '../testing/parse-flags.ts'
import { Tally } from '../testing/tally.ts'
import { checkTransactionInIsolation } from './check-transaction-in-isolation.ts'

/** Outputs spent (txid as shown, index, script, perhaps a value), the transaction, flags. */
type Row = readonly [readonly (readonly [string, number, string, number?])[], string, string]

/** Every rule of Bitcoin's that this machine has: OP_CHECKVERDICT is NOP4 to these vectors. */
const ALL_FLAGS = Object.values(ScriptFlag).reduce((all, flag) => all | flag, 0) & ~ScriptFlag.CHECKVERDICT

/** 21,000,000 coins: rows of invalid transactions just above it are valid amounts here. */
const BITCOIN_MAX_MONEY = 21_000_000n * 100_000_000n

function spentOutputs(row: Row): Map<string, { value: bigint; scriptPubKey: Uint8Array }> {
  return new Map(
    row[0].map(([hash, index, asm, value]) => [
      outPointKey({ txid: parseDisplayHash(hash), index: index >>> 0 }),
      { value: BigInt(value ?? 0), scriptPubKey: parseAsm(asm) },
    ]),
  )
}

function judge(row: Row, flags: number): void {
  const bytes = hexToBytes(row[1])
  const tx = decodeTransaction(bytes, 'legacy')
  assert.deepEqual(encodeTransaction(tx, 'legacy'), bytes)
  checkTransactionInIsolation(tx, { maxTransactionBytes: 1_000_000 })
  const outputs = spentOutputs(row)
  for (const [index, { prevout }] of tx.vin.entries()) {
    const spent = outputs.get(outPointKey(prevout))
    assert.ok(spent !== undefined, 'the vector names every output that is spent')
    verifyInput({ tx, index, spent, flags, mode: 'legacy' })
  }
}

/** Witness serialisation: an empty list of inputs (the marker) and a 1 where the count of outputs stands. */
function hasWitness(hex: string): boolean {
  return hex.slice(8, 12) === '0001'
}

test('valid transactions of Bitcoin are valid', { skip: vectorsMissing() }, (t) => {
  for (const file of vectorFiles('bitcoin', /^tx_valid/)) {
    const tally = new Tally()
    for (const row of readVectors(file) as (Row | readonly [string])[]) {
      if (row.length === 1) continue
      const leftOut = parseFlags(row[2])
      if (hasWitness(row[1]) || leftOut.foreign.length > 0) tally.skip('with a witness, or a rule of witnesses')
      else tally.row(`${row[1]} without ${row[2]}`, () => judge(row, ALL_FLAGS & ~leftOut.flags))
    }
    t.diagnostic(`${file}: ${tally.toString()}`)
    assert.deepEqual(tally.failures, [])
    assert.ok(tally.passed > 0)
  }
})

test('invalid transactions of Bitcoin are invalid', { skip: vectorsMissing() }, (t) => {
  const files = vectorFiles('bitcoin', /\.json$/).filter((file) => file.includes('/tx_invalid'))
  if (files.length === 0) t.diagnostic('no tx_invalid.json among the vectors')
  for (const file of files) {
    const tally = new Tally()
    for (const row of readVectors(file) as (Row | readonly [string])[]) {
      if (row.length === 1) continue
      const named = row[2] === 'BADTX' ? { flags: 0, foreign: [] } : parseFlags(row[2])
      if (hasWitness(row[1]) || named.foreign.length > 0) tally.skip('with a witness')
      else if (exceedsOnlyBitcoin(row[1])) tally.skip('above 21,000,000 coins, which are fewer than ours')
      else tally.row(`${row[1]} under ${row[2]}`, () => assert.throws(() => judge(row, named.flags)))
    }
    t.diagnostic(`${file}: ${tally.toString()}`)
    assert.deepEqual(tally.failures, [])
  }
})

function exceedsOnlyBitcoin(hex: string): boolean {
  let tx: Transaction
  try {
    tx = decodeTransaction(hexToBytes(hex), 'legacy')
  } catch {
    return false
  }
  const total = tx.vout.reduce((sum, { value }) => sum + value, 0n)
  return total > BITCOIN_MAX_MONEY && total <= 100_000_000n * 100_000_000n
}
