import type { AnySql } from '@camelid/store'
import { asBuffer, base64 } from './byte-arrays.ts'

/** One query: stores a block's bytes and notes it at its header. */
export async function insertBlock(sql: AnySql, hash: Uint8Array, raw: Uint8Array): Promise<void> {
  await sql`
    WITH stored AS (
      INSERT INTO blocks (hash, raw) VALUES (${asBuffer(hash)}, decode(${base64(raw)}, 'base64')) ON CONFLICT DO NOTHING)
    UPDATE headers SET has_block = true WHERE hash = ${asBuffer(hash)}`
}

/** One query. */
export async function findBlock(sql: AnySql, hash: Uint8Array): Promise<Uint8Array | undefined> {
  const [row] = await sql<{ raw: Buffer }[]>`SELECT raw FROM blocks WHERE hash = ${asBuffer(hash)}`
  return row?.raw
}

/** One query. */
export async function insertUndo(sql: AnySql, hash: Uint8Array, raw: Uint8Array): Promise<void> {
  await sql`INSERT INTO undo (hash, raw) VALUES (${asBuffer(hash)}, decode(${base64(raw)}, 'base64'))`
}

/** One query: takes the undo data of a block out of the store. */
export async function takeUndo(sql: AnySql, hash: Uint8Array): Promise<Uint8Array | undefined> {
  const [row] = await sql<{ raw: Buffer }[]>`DELETE FROM undo WHERE hash = ${asBuffer(hash)} RETURNING raw`
  return row?.raw
}

/** One query: the undo data of a block on the best chain. */
export async function findUndo(sql: AnySql, hash: Uint8Array): Promise<Uint8Array | undefined> {
  const [row] = await sql<{ raw: Buffer }[]>`SELECT raw FROM undo WHERE hash = ${asBuffer(hash)}`
  return row?.raw
}

/** One query: the block of the best chain at this height, undefined above the tip or where its bytes are not here. */
export async function findBestBlock(
  sql: AnySql,
  height: number,
): Promise<{ readonly hash: Uint8Array; readonly raw: Uint8Array } | undefined> {
  const [row] = await sql<{ hash: Buffer; raw: Buffer }[]>`
    SELECT hash, raw FROM best_chain JOIN blocks USING (hash) WHERE height = ${height}`
  return row
}
