import type { AnySql } from '@camelid/store'
import { asBuffer } from './byte-arrays.ts'

/**
 * Three queries: gathers the headers of all stored blocks in a table of this transaction, by parent. Blocks that begin with another
 * header than their name says are found when they are read.
 */
export async function gatherRawHeaders(sql: AnySql): Promise<void> {
  await sql`
    CREATE TEMPORARY TABLE raw_headers ON COMMIT DROP AS
    SELECT hash, substring(raw FROM 1 FOR 80) AS header, substring(raw FROM 5 FOR 32) AS prev_hash FROM blocks`
  await sql`CREATE INDEX raw_headers_prev_hash ON raw_headers (prev_hash)`
  await sql`ANALYZE raw_headers`
}

/** One query: the gathered headers that build on any of these, in the order of the parents given. */
export async function listRawChildren(
  sql: AnySql,
  parents: readonly Uint8Array[],
): Promise<{ hash: Uint8Array; header: Uint8Array; prevHash: Uint8Array }[]> {
  const rows = await sql<{ hash: Buffer; header: Buffer; prev_hash: Buffer }[]>`
    SELECT hash, header, prev_hash FROM raw_headers WHERE prev_hash = ANY (${sql.array(parents.map(asBuffer), 17)}::bytea[])`
  return rows.map(({ prev_hash, ...row }) => ({ ...row, prevHash: prev_hash }))
}
