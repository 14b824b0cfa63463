import type { AnySql } from '@camelid/store'
import { asBuffer } from './byte-arrays.ts'

/** A reindex that was begun and is not over. */
export interface StoredReindex {
  readonly announcedHash: Uint8Array
  readonly announcedHeight: number
  /** See the table. */
  readonly trustedHeight: number
}

/** One query. */
export async function findReindex(sql: AnySql): Promise<StoredReindex | undefined> {
  const [row] = await sql<{ announced_hash: Buffer; announced_height: number; trusted_height: number }[]>`
    SELECT announced_hash, announced_height, trusted_height FROM reindex`
  if (row === undefined) return undefined
  return {
    announcedHash: row.announced_hash,
    announcedHeight: row.announced_height,
    trustedHeight: row.trusted_height,
  }
}

/** Three queries: notes that a reindex begins, and the chain that led to the tip: by its headers, and where they fail by the best chain. */
export async function insertReindex(sql: AnySql, reindex: StoredReindex): Promise<void> {
  const { announcedHash, announcedHeight, trustedHeight } = reindex
  await sql`
    INSERT INTO reindex (announced_hash, announced_height, trusted_height)
    VALUES (${asBuffer(announcedHash)}, ${announcedHeight}, ${trustedHeight})`
  await sql`
    WITH RECURSIVE way AS (
      SELECT hash, prev_hash, height FROM headers WHERE hash = ${asBuffer(announcedHash)}
      UNION ALL
      SELECT h.hash, h.prev_hash, h.height FROM headers h JOIN way w ON h.hash = w.prev_hash
    )
    INSERT INTO reindex_before SELECT height, hash FROM way ON CONFLICT DO NOTHING`
  await sql`
    INSERT INTO reindex_before SELECT height, hash FROM best_chain WHERE height <= ${announcedHeight}
    ON CONFLICT DO NOTHING`
}

/** One query: the last block of the best chain. */
export async function findBestTop(sql: AnySql): Promise<{ hash: Uint8Array; height: number } | undefined> {
  const [row] = await sql<{ hash: Buffer; height: number }[]>`
    SELECT hash, height FROM best_chain ORDER BY height DESC LIMIT 1`
  return row
}

/** One query: sets how many connects and disconnects there were. */
export async function numberTip(sql: AnySql, version: bigint): Promise<void> {
  await sql`UPDATE tip SET version = ${version}`
}

/**
 * One query: empties everything that is made from the blocks. The tip comes first: whoever reads the tables as a whole holds it, and is
 * waited for before any other table is locked.
 */
export async function truncateMade(sql: AnySql): Promise<void> {
  await sql`
    TRUNCATE tip, utxos, utxo_state, bonds, settlements, transactions, address_history, history_backfill, undo, best_chain, headers`
}

/** One query: the reindex is over. */
export async function deleteReindex(sql: AnySql): Promise<void> {
  await sql`TRUNCATE reindex, reindex_before, reindex_route`
}

/** Two queries: the route becomes the way from genesis to this block. */
export async function planRoute(sql: AnySql, target: Uint8Array): Promise<void> {
  await sql`TRUNCATE reindex_route`
  await sql`
    WITH RECURSIVE way AS (
      SELECT hash, prev_hash, height FROM headers WHERE hash = ${asBuffer(target)}
      UNION ALL
      SELECT h.hash, h.prev_hash, h.height FROM headers h JOIN way w ON h.hash = w.prev_hash
    )
    INSERT INTO reindex_route SELECT height, hash FROM way`
}

/** One query: the highest block that the best chain shares with the route. */
export async function findRouteFork(sql: AnySql): Promise<number> {
  const [row] = await sql<{ height: number | null }[]>`
    SELECT max(height) AS height FROM best_chain JOIN reindex_route USING (height, hash)`
  return row?.height ?? 0
}

/** One query: the highest block that the best chain shares with the one before the reindex. */
export async function findForkBefore(sql: AnySql): Promise<number> {
  const [row] = await sql<{ height: number | null }[]>`
    SELECT max(height) AS height FROM best_chain JOIN reindex_before USING (height, hash)`
  return row?.height ?? 0
}

/** One query: blocks of the route from `from` up, with whether they were on the best chain before. */
export async function listRoute(
  sql: AnySql,
  from: number,
  limit: number,
): Promise<{ height: number; hash: Uint8Array; size: number; before: boolean }[]> {
  return await sql<{ height: number; hash: Buffer; size: number; before: boolean }[]>`
    SELECT r.height, r.hash, coalesce(octet_length(k.raw), 0) AS size, b.hash IS NOT NULL AS before
    FROM reindex_route r LEFT JOIN blocks k USING (hash) LEFT JOIN reindex_before b USING (height, hash)
    WHERE r.height >= ${from} ORDER BY r.height LIMIT ${limit}`
}

/** One query: places of the best chain before the reindex above `above`, the highest first. */
export async function listBefore(sql: AnySql, above: number): Promise<{ height: number; hash: Uint8Array }[]> {
  return await sql<{ height: number; hash: Buffer }[]>`
    SELECT height, hash FROM reindex_before WHERE height > ${above} ORDER BY height DESC`
}

/** One query: forgets a block whose bytes are not its header's, so that it is asked for again; nothing on top of it is complete then. */
export async function forgetBlock(sql: AnySql, hash: Uint8Array): Promise<void> {
  await sql`
    WITH RECURSIVE branch AS (
      SELECT hash FROM headers WHERE hash = ${asBuffer(hash)}
      UNION ALL
      SELECT h.hash FROM headers h JOIN branch b ON h.prev_hash = b.hash
    ), gone AS (DELETE FROM blocks WHERE hash = ${asBuffer(hash)})
    UPDATE headers h SET linked_seq = NULL, has_block = has_block AND h.hash <> ${asBuffer(hash)}
    FROM branch WHERE h.hash = branch.hash`
}
