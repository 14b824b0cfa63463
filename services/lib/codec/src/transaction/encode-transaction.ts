import { sha256d } from '@camelid/crypto'
import { ByteWriter } from '../bytes/byte-writer.ts'
import { HASH_BYTES, writeOutPoint } from './out-point.ts'
import type { Transaction, TransactionMode } from './transaction.ts'

/**
 * The bytes of a transaction (protocol: Transaction). Says nothing of its limits, so that the preimages of signatures,
 * which no transaction could be, are written by the same code.
 * @throws CodecError OUT_OF_RANGE, VALUE_OVERFLOW, BAD_LENGTH where a field cannot hold its value
 */
export function encodeTransaction(transaction: Transaction, mode: TransactionMode = 'camelid'): Uint8Array {
  const writer = new ByteWriter()
  writeTransaction(writer, transaction, mode)
  return writer.finish()
}

/** SHA-256d of all of a transaction, internal order. */
export function txid(transaction: Transaction, mode: TransactionMode = 'camelid'): Uint8Array {
  return sha256d(encodeTransaction(transaction, mode))
}

export function writeTransaction(writer: ByteWriter, transaction: Transaction, mode: TransactionMode): void {
  writer.u32(transaction.version).compactSize(transaction.vin.length)
  for (const input of transaction.vin) {
    writeOutPoint(writer, input.prevout)
    writer.varBytes(input.scriptSig).u32(input.sequence)
  }
  writer.compactSize(transaction.vout.length)
  for (const output of transaction.vout) {
    writer.u64(output.value).varBytes(output.scriptPubKey)
  }
  writer.u32(transaction.lockTime)
  if (mode === 'camelid') writer.fixed(transaction.jobId, HASH_BYTES)
}
