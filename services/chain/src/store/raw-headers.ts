import type { AnySql } from '@camelid/store'
import { byteaArray } from './byte-arrays.ts'

/**
 * Four queries: gathers every header that the table of headers or the blocks hold in a table of this transaction, and forgets blocks that
 * do not begin with the header of their name. @returns how many it forgot
 */
export async function gatherRawHeaders(sql: AnySql): Promise<number> {
  const damaged = await sql`DELETE FROM blocks WHERE sha256(sha256(substring(raw FROM 1 FOR 80))) <> hash`
  await sql`
    CREATE TEMPORARY TABLE raw_headers ON COMMIT DROP AS
    SELECT hash, header, substring(header FROM 5 FOR 32) AS prev_hash
    FROM (SELECT hash, header FROM headers UNION SELECT hash, substring(raw FROM 1 FOR 80) FROM blocks) known
    WHERE sha256(sha256(header)) = hash`
  await sql`CREATE INDEX raw_headers_prev_hash ON raw_headers (prev_hash)`
  await sql`ANALYZE raw_headers`
  return damaged.count
}

/** One query: the gathered headers up to `depth` blocks above these, parents before children. */
export async function listRawDescendants(
  sql: AnySql,
  parents: readonly Uint8Array[],
  depth: number,
): Promise<{ hash: Uint8Array; header: Uint8Array; depth: number }[]> {
  return await sql<{ hash: Buffer; header: Buffer; depth: number }[]>`
    WITH RECURSIVE down AS (
      SELECT hash, header, 1 AS depth FROM raw_headers WHERE prev_hash = ANY (${byteaArray(parents)}::bytea[])
      UNION ALL
      SELECT r.hash, r.header, d.depth + 1 FROM raw_headers r JOIN down d ON r.prev_hash = d.hash WHERE d.depth < ${depth}
    )
    SELECT hash, header, depth FROM down ORDER BY depth`
}

/**
 * Four queries: notes at the headers which blocks are here and which of them are complete down to genesis; blocks without a header go. On
 * a tie of work the chain before the reindex counts as the first seen.
 */
export async function linkRawBlocks(sql: AnySql): Promise<void> {
  await sql`DELETE FROM blocks WHERE NOT EXISTS (SELECT 1 FROM headers h WHERE h.hash = blocks.hash)`
  await sql`UPDATE headers SET has_block = true WHERE EXISTS (SELECT 1 FROM blocks b WHERE b.hash = headers.hash)`
  await sql`ANALYZE headers`
  await sql`
    WITH RECURSIVE branch AS (
      SELECT hash, height FROM headers WHERE height = 0 AND has_block
      UNION ALL
      SELECT h.hash, h.height FROM headers h JOIN branch b ON h.prev_hash = b.hash WHERE h.has_block
    ), numbered AS (
      SELECT hash, nextval('linked_seq') AS seq FROM (
        SELECT branch.hash FROM branch LEFT JOIN reindex_before f ON f.height = branch.height AND f.hash = branch.hash
        ORDER BY branch.height, f.hash IS NULL) ordered
    )
    UPDATE headers h SET linked_seq = n.seq FROM numbered n WHERE h.hash = n.hash`
}
