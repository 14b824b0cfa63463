import type { AnySql } from '@camelid/store'
import { asBuffer, byteaArray, packed } from './byte-arrays.ts'

/** Where a transaction of the best chain stands. */
export interface TransactionPlace {
  readonly height: number
  readonly position: number
  readonly blockHash: Uint8Array
}

/** One query. */
export async function findPlace(sql: AnySql, txid: Uint8Array): Promise<TransactionPlace | undefined> {
  const [row] = await sql<{ height: number; position: number; hash: Buffer }[]>`
    SELECT t.height, t.position, b.hash FROM transactions t JOIN best_chain b USING (height) WHERE t.txid = ${asBuffer(txid)}`
  return row === undefined ? undefined : { height: row.height, position: row.position, blockHash: row.hash }
}

/** One query: txids in block order. */
export async function insertTransactions(sql: AnySql, height: number, txids: readonly Uint8Array[]): Promise<void> {
  await sql`
    INSERT INTO transactions (txid, height, position)
    SELECT substring(${packed(txids)}::bytea, 32 * position + 1, 32), ${height}, position
    FROM generate_series(0, ${txids.length - 1}::int) AS position`
}

/** One query. */
export async function deleteTransactions(sql: AnySql, txids: readonly Uint8Array[]): Promise<void> {
  await sql`DELETE FROM transactions WHERE txid = ANY (${byteaArray(txids)}::bytea[])`
}
