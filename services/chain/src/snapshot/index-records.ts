import type { ByteWriter } from '@camelid/codec'
import type { HistoryRecord, TransactionRecord } from '../store/index-tables.ts'

/** What records of the index begin with; the state's have 1 to 3. */
export const INDEX_RECORD = { end: 0, transaction: 4, history: 5 } as const

export interface IndexCounts {
  readonly transactions: bigint
  readonly history: bigint
}

/** 4 · txid 32 · height u32 · position u32 */
export function writeTransactionRecord(writer: ByteWriter, row: TransactionRecord): void {
  writer.u8(INDEX_RECORD.transaction).bytes(row.txid).u32(row.height).u32(row.position)
}

/** 5 · h2 20 · height u32 · position u32 · txid 32 · received u64 · sent u64 */
export function writeHistoryRecord(writer: ByteWriter, row: HistoryRecord): void {
  writer
    .u8(INDEX_RECORD.history)
    .bytes(row.h2)
    .u32(row.height)
    .u32(row.position)
    .bytes(row.txid)
    .u64(row.received)
    .u64(row.sent)
}

/** 0 · transactions u64 · entries of the history u64 */
export function writeIndexEnd(writer: ByteWriter, { transactions, history }: IndexCounts): void {
  writer.u8(INDEX_RECORD.end).u64(transactions).u64(history)
}
