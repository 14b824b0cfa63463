import { HASH_BYTES, type OutPoint } from './out-point.ts'

export interface TxIn {
  readonly prevout: OutPoint
  readonly scriptSig: Uint8Array
  /** Bitcoin's sequence: below 0xffffffff, lockTime holds. */
  readonly sequence: number
}

export interface TxOut {
  /** Base units. */
  readonly value: bigint
  readonly scriptPubKey: Uint8Array
}

/** A transaction (protocol: Transaction). */
export interface Transaction {
  readonly version: number
  readonly vin: readonly TxIn[]
  readonly vout: readonly TxOut[]
  /** A height below 500,000,000, else unix seconds. */
  readonly lockTime: number
  /** 32 bytes; zero where the transaction pays for no job, and in a coinbase. */
  readonly jobId: Uint8Array
}

/** `camelid`: ours; `legacy`: Bitcoin's, which lacks the jobId at the end (protocol: Transaction). */
export type TransactionMode = 'camelid' | 'legacy'

/** All coins there will ever be, in base units: 100,000,000 coins of 10^8 (protocol: Networks). */
export const MAX_MONEY = 100_000_000n * 100_000_000n

/** Bytes of a transaction at most (protocol: Transaction). */
export const MAX_TRANSACTION_BYTES = 100_000

const NULL_INDEX = 0xffffffff

/** The jobId of a transaction that pays for no job: 32 zero bytes. Shared: never write into it. */
export const NULL_JOB_ID: Uint8Array = new Uint8Array(HASH_BYTES)

/** Whether the transaction is made of new coins: one input, which spends nothing. */
export function isCoinbase(transaction: Transaction): boolean {
  const first = transaction.vin[0]
  if (first === undefined || transaction.vin.length !== 1) return false
  return first.prevout.index === NULL_INDEX && isZero(first.prevout.txid)
}

/** Whether the transaction names a job. */
export function hasJob(transaction: Transaction): boolean {
  return !isZero(transaction.jobId)
}

function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false
  return true
}
