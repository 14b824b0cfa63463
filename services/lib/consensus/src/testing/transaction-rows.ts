import assert from 'node:assert/strict'
import {
  decodeTransaction,
  encodeTransaction,
  outPointKey,
  parseDisplayHash,
  type Transaction,
  type TxOut,
} from '@camelid/codec'
import { equalBytes, hexToBytes } from '@camelid/crypto'
import { asArray, asInteger, asText } from '@camelid/crypto/testing/json'
import { refusalOf } from '@camelid/crypto/testing/refusal'
import { VectorFileError } from '@camelid/crypto/testing/vector-file-error'
import { COIN } from '../params/units.ts'
import { verifyInput } from '../script/verify-input.ts'
import { checkTransactionInIsolation } from '../transaction/check-transaction-in-isolation.ts'
import { parseAsm } from './parse-asm.ts'

/** A row of tx_valid.json or tx_invalid.json of Bitcoin Core: [[[txid as shown, index, script, value?], …], transaction in hex, flags]. */
export interface TransactionRow {
  readonly spent: ReadonlyMap<string, TxOut>
  readonly bytes: Uint8Array
  readonly flags: unknown
}

/** @throws VectorFileError, CodecError */
export function readTransactionRow([spent, transaction, flags]: readonly unknown[]): TransactionRow {
  return { spent: new Map(asArray(spent).map(asArray).map(readSpent)), bytes: hexToBytes(asText(transaction)), flags }
}

function readSpent([hash, index, asm, value = 0]: readonly unknown[]): [string, TxOut] {
  // A coinbase's index is written as -1.
  const outPoint = { txid: parseDisplayHash(asText(hash)), index: asInteger(index) >>> 0 }
  return [outPointKey(outPoint), { value: BigInt(asInteger(value)), scriptPubKey: parseAsm(asText(asm)) }]
}

/**
 * Whether bytes are a transaction with a witness, which begins, after the version, with an empty list and a flag. So does a legacy
 * one with no input and one output, which can be read to its end.
 */
export function hasWitness(bytes: Uint8Array): boolean {
  return bytes[4] === 0 && bytes[5] === 1 && refusalOf(() => decodeTransaction(bytes, 'legacy')) !== undefined
}

/** What Bitcoin allows: longer transactions than we do, and 21,000,000 coins. */
const BITCOIN = { maxTransactionBytes: 1_000_000, maxMoney: 21_000_000n * COIN }

/** The transaction, read and judged by itself. @throws CodecError, ConsensusError */
export function checkAlone({ bytes }: TransactionRow): Transaction {
  const tx = decodeTransaction(bytes, 'legacy')
  assert.ok(equalBytes(encodeTransaction(tx, 'legacy'), bytes), 'the transaction is not written again the same')
  checkTransactionInIsolation(tx, BITCOIN)
  return tx
}

/** Runs the scripts of every input. @throws ScriptError */
export function checkScripts(tx: Transaction, row: TransactionRow, flags: number): void {
  for (const [index, { prevout }] of tx.vin.entries()) {
    const spent = row.spent.get(outPointKey(prevout))
    if (spent === undefined)
      throw new VectorFileError('BAD_FILE', `the row does not name the output that input ${index} spends`)
    verifyInput({ tx, index, spent, flags, mode: 'legacy' })
  }
}
