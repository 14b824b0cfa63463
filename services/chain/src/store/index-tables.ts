import type { AnySql } from '@camelid/store'
import { asBuffer, byteaArray, int4Array, int8Array } from './byte-arrays.ts'
import type { PlacedHistoryEntry } from './history.ts'

/** Where a transaction of the best chain stands, as its row has it. */
export interface TransactionRecord {
  readonly txid: Uint8Array
  readonly height: number
  readonly position: number
}

export type HistoryRecord = PlacedHistoryEntry

/** One query: the index of transactions after `after` in order of txid. */
export async function pageOfTransactions(sql: AnySql, after: Uint8Array, limit: number): Promise<TransactionRecord[]> {
  return await sql<(TransactionRecord & { txid: Buffer })[]>`
    SELECT txid, height, position FROM transactions WHERE txid > ${asBuffer(after)} ORDER BY txid LIMIT ${limit}`
}

/** One query: the history of all addresses after `after`, in order. */
export async function pageOfHistory(
  sql: AnySql,
  after: Pick<HistoryRecord, 'h2' | 'height' | 'position'>,
  limit: number,
): Promise<HistoryRecord[]> {
  return await sql<(HistoryRecord & { h2: Buffer; txid: Buffer })[]>`
    SELECT h2, height, position, txid, received, sent FROM address_history
    WHERE (h2, height, position) > (${asBuffer(after.h2)}, ${after.height}, ${after.position})
    ORDER BY h2, height, position LIMIT ${limit}`
}

/** One query. */
export async function insertTransactionRecords(sql: AnySql, rows: readonly TransactionRecord[]): Promise<void> {
  if (rows.length === 0) return
  const txids = rows.map((row) => row.txid)
  const heights = rows.map((row) => row.height)
  const positions = rows.map((row) => row.position)
  await sql`
    INSERT INTO transactions (txid, height, position)
    SELECT * FROM unnest(${byteaArray(txids)}::bytea[], ${int4Array(heights)}::int4[],
      ${int4Array(positions)}::int4[])`
}

/** One query. */
export async function insertHistoryRecords(sql: AnySql, rows: readonly HistoryRecord[]): Promise<void> {
  if (rows.length === 0) return
  const h2s = rows.map((row) => row.h2)
  const heights = rows.map((row) => row.height)
  const positions = rows.map((row) => row.position)
  const txids = rows.map((row) => row.txid)
  const received = rows.map((row) => row.received)
  const sent = rows.map((row) => row.sent)
  await sql`
    INSERT INTO address_history (h2, height, position, txid, received, sent)
    SELECT * FROM unnest(${byteaArray(h2s)}::bytea[], ${int4Array(heights)}::int4[],
      ${int4Array(positions)}::int4[], ${byteaArray(txids)}::bytea[], ${int8Array(received)}::int8[],
      ${int8Array(sent)}::int8[])`
}
