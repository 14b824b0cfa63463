import { sha256d } from '@camelid/crypto'
import { assertAtMost, ByteReader } from '../bytes/byte-reader.ts'
import { ByteWriter } from '../bytes/byte-writer.ts'
import { readTransaction } from '../transaction/decode-transaction.ts'
import { writeTransaction } from '../transaction/encode-transaction.ts'
import type { Transaction, TransactionMode } from '../transaction/transaction.ts'
import { type BlockHeader, encodeHeader, readHeader } from './header.ts'

/** Bytes of a block at most (protocol: Block). */
export const MAX_BLOCK_BYTES = 4_000_000
/** Version, two empty lists and lockTime, as a legacy transaction has them. */
const MIN_TRANSACTION_BYTES = 10

export interface Block {
  readonly header: BlockHeader
  readonly transactions: readonly Transaction[]
}

/** Header, count of transactions as CompactSize, transactions. */
export function encodeBlock(block: Block, mode: TransactionMode = 'camelid'): Uint8Array {
  const writer = new ByteWriter().bytes(encodeHeader(block.header)).compactSize(block.transactions.length)
  for (const transaction of block.transactions) writeTransaction(writer, transaction, mode)
  return writer.finish()
}

/** @throws CodecError TOO_LONG above 4,000,000 bytes, and all that decodeTransaction throws */
export function decodeBlock(bytes: Uint8Array, mode: TransactionMode = 'camelid'): Block {
  return readBlock(bytes, mode).block
}

/** As decodeBlock, with the ids of the transactions, hashed from the bytes as they are: each has one encoding only. */
export function decodeBlockWithIds(bytes: Uint8Array): {
  readonly block: Block
  readonly txids: readonly Uint8Array[]
} {
  const { block, ends } = readBlock(bytes, 'camelid')
  let start = ends[0] ?? 0
  const txids = ends.slice(1).map((end) => {
    const txid = sha256d(bytes.subarray(start, end))
    start = end
    return txid
  })
  return { block, txids }
}

/** `ends`: where the first transaction begins, then where each of them ends. */
function readBlock(bytes: Uint8Array, mode: TransactionMode): { block: Block; ends: readonly number[] } {
  assertAtMost(bytes, MAX_BLOCK_BYTES, 'The block')
  const reader = new ByteReader(bytes)
  const header = readHeader(reader)
  const count = reader.count(MIN_TRANSACTION_BYTES)
  const transactions: Transaction[] = []
  const ends = [reader.offset]
  for (let i = 0; i < count; i++) {
    transactions.push(readTransaction(reader, mode))
    ends.push(reader.offset)
  }
  reader.end()
  return { block: { header, transactions }, ends }
}
