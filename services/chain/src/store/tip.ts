import type { AnySql } from '@camelid/store'
import { ChainError } from '../chain-error.ts'
import { asBuffer, byteaArray, int4Array } from './byte-arrays.ts'

export interface StoredTip {
  readonly hash: Uint8Array
  /** Counts connects and disconnects. */
  readonly version: bigint
}

/** One query. */
export async function findTip(sql: AnySql): Promise<StoredTip | undefined> {
  const [row] = await sql<{ hash: Buffer; version: bigint }[]>`SELECT hash, version FROM tip`
  return row
}

/** One query: the first tip of an empty database. */
export async function insertTip(sql: AnySql, hash: Uint8Array): Promise<void> {
  await sql`INSERT INTO tip (hash, version) VALUES (${asBuffer(hash)}, 0)`
}

/**
 * One query: moves the tip from `from`, so that a second process on the same database can never mix its blocks in.
 * @throws ChainError TIP_MOVED
 */
export async function moveTip(sql: AnySql, from: StoredTip, to: StoredTip): Promise<void> {
  const result = await sql`
    UPDATE tip SET hash = ${asBuffer(to.hash)}, version = ${to.version}
    WHERE hash = ${asBuffer(from.hash)} AND version = ${from.version}`
  if (result.count !== 1)
    throw new ChainError(
      'TIP_MOVED',
      'another process writes to this database: stop it, one chain service owns a schema',
    )
}

/** One query. */
export async function appendBest(sql: AnySql, height: number, hash: Uint8Array): Promise<void> {
  await sql`INSERT INTO best_chain (height, hash) VALUES (${height}, ${asBuffer(hash)})`
}

/** One query. */
export async function removeBest(sql: AnySql, height: number): Promise<void> {
  await sql`DELETE FROM best_chain WHERE height = ${height}`
}

/** One query: the height of the first of these hashes that is on the best chain. */
export async function findFork(sql: AnySql, hashes: readonly Uint8Array[]): Promise<number | undefined> {
  const [row] = await sql<{ height: number }[]>`
    SELECT b.height
    FROM unnest(${byteaArray(hashes)}::bytea[]) WITH ORDINALITY AS wanted (hash, position)
    JOIN headers h ON h.hash = wanted.hash
    JOIN best_chain b ON b.height = h.height AND b.hash = h.hash
    ORDER BY wanted.position LIMIT 1`
  return row?.height
}

/** One query: hashes of the best chain at these heights, the highest first. */
export async function listBestHashes(sql: AnySql, heights: readonly number[]): Promise<Uint8Array[]> {
  const rows = await sql<{ hash: Buffer }[]>`
    SELECT hash FROM best_chain WHERE height = ANY (${int4Array(heights)}::int4[]) ORDER BY height DESC`
  return rows.map(({ hash }) => hash)
}

/** One query. */
export async function isOnBestChain(sql: AnySql, height: number, hash: Uint8Array): Promise<boolean> {
  const rows = await sql`SELECT 1 FROM best_chain WHERE height = ${height} AND hash = ${asBuffer(hash)}`
  return rows.length > 0
}

/** One query: which network the database belongs to. */
export async function findNetwork(sql: AnySql): Promise<{ name: string; genesisHash: Uint8Array } | undefined> {
  const [row] = await sql<{ name: string; genesis_hash: Buffer }[]>`SELECT name, genesis_hash FROM network`
  return row === undefined ? undefined : { name: row.name, genesisHash: row.genesis_hash }
}

/** One query. */
export async function insertNetwork(sql: AnySql, name: string, genesisHash: Uint8Array): Promise<void> {
  await sql`INSERT INTO network (name, genesis_hash) VALUES (${name}, ${asBuffer(genesisHash)})`
}
