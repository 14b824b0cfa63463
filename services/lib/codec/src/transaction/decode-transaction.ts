import { assertAtMost, ByteReader, malformed } from '../bytes/byte-reader.ts'
import { HASH_BYTES, outPointKey, readOutPoint } from './out-point.ts'
import {
  MAX_MONEY,
  MAX_TRANSACTION_BYTES,
  NULL_JOB_ID,
  type Transaction,
  type TransactionMode,
  type TxIn,
  type TxOut,
} from './transaction.ts'

/** Bitcoin's transactions may fill a block. */
const MAX_LEGACY_BYTES = 4_000_000
/** Outpoint, an empty script and the sequence. */
const MIN_INPUT_BYTES = 41
/** Value and an empty script. */
const MIN_OUTPUT_BYTES = 9

/**
 * Parses one transaction and nothing after it.
 * @throws CodecError TOO_LONG, TRUNCATED, TRAILING_BYTES, NON_CANONICAL_SIZE, VALUE_OVERFLOW where an output or their
 *   sum is above all coins, DUPLICATE_INPUT (protocol: Transaction)
 */
export function decodeTransaction(bytes: Uint8Array, mode: TransactionMode = 'camelid'): Transaction {
  assertAtMost(bytes, maxBytes(mode), 'The transaction')
  const reader = new ByteReader(bytes)
  const transaction = readTransaction(reader, mode)
  reader.end()
  return transaction
}

/** As decodeTransaction, at the reader's place in a longer message. */
export function readTransaction(reader: ByteReader, mode: TransactionMode): Transaction {
  const start = reader.offset
  const version = reader.u32()
  const vin = readInputs(reader)
  const vout = readOutputs(reader)
  const lockTime = reader.u32()
  const jobId = mode === 'camelid' ? reader.bytes(HASH_BYTES) : NULL_JOB_ID.slice()
  if (reader.offset - start > maxBytes(mode)) {
    throw malformed('TOO_LONG', `A transaction has more than ${maxBytes(mode)} bytes.`)
  }
  return { version, vin, vout, lockTime, jobId }
}

function readInputs(reader: ByteReader): TxIn[] {
  const count = reader.count(MIN_INPUT_BYTES)
  const vin: TxIn[] = []
  const spent = new Set<string>()
  for (let i = 0; i < count; i++) {
    const prevout = readOutPoint(reader)
    // Most transactions have one input, which has no other to repeat.
    if (count > 1) {
      const key = outPointKey(prevout)
      if (spent.has(key)) throw malformed('DUPLICATE_INPUT', `Input ${i} spends an output that an earlier one spends.`)
      spent.add(key)
    }
    vin.push({ prevout, scriptSig: reader.varBytes(), sequence: reader.u32() })
  }
  return vin
}

function readOutputs(reader: ByteReader): TxOut[] {
  const count = reader.count(MIN_OUTPUT_BYTES)
  const vout: TxOut[] = []
  let sum = 0n
  for (let i = 0; i < count; i++) {
    const value = reader.u64()
    sum += value
    // Each value is below 2^64 and the sum was in range before, so a bigint sum cannot hide an overflow.
    if (sum > MAX_MONEY) throw malformed('VALUE_OVERFLOW', `Outputs up to ${i} are worth more than all coins.`)
    vout.push({ value, scriptPubKey: reader.varBytes() })
  }
  return vout
}

function maxBytes(mode: TransactionMode): number {
  return mode === 'camelid' ? MAX_TRANSACTION_BYTES : MAX_LEGACY_BYTES
}
