import type { AnySql } from '@camelid/store'
import { asBuffer, byteaArray } from './byte-arrays.ts'

/** One query: empties what a snapshot brings; of a chain that has only genesis that is next to nothing. */
export async function clearForImport(sql: AnySql): Promise<void> {
  await sql`
    WITH c AS (DELETE FROM utxos), b AS (DELETE FROM bonds), s AS (DELETE FROM settlements), t AS (DELETE FROM transactions),
      h AS (DELETE FROM address_history), f AS (DELETE FROM history_backfill)
    SELECT 1`
}

/** One query: places of the best chain from `first` up. */
export async function appendBestChain(sql: AnySql, first: number, hashes: readonly Uint8Array[]): Promise<void> {
  await sql`
    INSERT INTO best_chain (height, hash)
    SELECT ${first}::int4 + position::int4 - 1, hash
    FROM unnest(${byteaArray(hashes)}::bytea[]) WITH ORDINALITY AS chain (hash, position)`
}

/** Two queries: every header of the best chain counts as one whose block was here, and complete. */
export async function linkBestChain(sql: AnySql): Promise<void> {
  await sql`UPDATE headers h SET has_block = true, invalid = false FROM best_chain b WHERE b.hash = h.hash`
  await sql`
    WITH numbered AS (
      SELECT hash, nextval('linked_seq') AS seq FROM (SELECT hash FROM best_chain ORDER BY height) ordered
    )
    UPDATE headers h SET linked_seq = n.seq FROM numbered n WHERE h.hash = n.hash`
}

/** One query: notes that the table of coins stands at this block. */
export async function setFlushed(sql: AnySql, { hash, height }: { hash: Uint8Array; height: number }): Promise<void> {
  await sql`UPDATE utxo_state SET hash = ${asBuffer(hash)}, height = ${height}`
}
