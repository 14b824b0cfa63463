import type { AnySql } from '@camelid/store'
import { byteaArray, int4Array, int8Array } from './byte-arrays.ts'
import type { PlacedHistoryEntry } from './history.ts'

/** A place of the best chain and what is stored of its block. */
export interface BestPlace {
  readonly height: number
  readonly hash: Uint8Array
  /** Bytes of its block and undo data together; 0 where they are not here. */
  readonly size: number
}

/** One query: the best chain from `from` up, at most `limit` places. */
export async function listBestPlaces(sql: AnySql, from: number, limit: number): Promise<BestPlace[]> {
  return await sql<{ height: number; hash: Buffer; size: number }[]>`
    SELECT b.height, b.hash, coalesce(octet_length(k.raw), 0) + coalesce(octet_length(u.raw), 0) AS size
    FROM best_chain b LEFT JOIN blocks k USING (hash) LEFT JOIN undo u USING (hash)
    WHERE b.height >= ${from} ORDER BY b.height LIMIT ${limit}`
}

export interface Body {
  readonly height: number
  readonly hash: Uint8Array
  readonly raw: Uint8Array | null
  readonly undo: Uint8Array | null
}

/** One query: blocks and undo data of these places of the best chain, the lowest first. */
export async function loadBodies(sql: AnySql, hashes: readonly Uint8Array[]): Promise<Body[]> {
  return await sql<{ height: number; hash: Buffer; raw: Buffer | null; undo: Buffer | null }[]>`
    SELECT b.height, b.hash, k.raw, u.raw AS undo
    FROM unnest(${byteaArray(hashes)}::bytea[]) AS wanted (hash) JOIN headers h USING (hash)
    JOIN best_chain b ON b.height = h.height AND b.hash = h.hash
    LEFT JOIN blocks k ON k.hash = b.hash LEFT JOIN undo u ON u.hash = b.hash
    ORDER BY b.height`
}

/** One query: how many rows the index of transactions has from this height up. */
export async function countTransactions(sql: AnySql, from: number): Promise<bigint> {
  const [row] = await sql<{ count: bigint }[]>`SELECT count(*) AS count FROM transactions WHERE height >= ${from}`
  return row?.count ?? 0n
}

/** One query: how many entries the history of addresses has from this height up. */
export async function countHistory(sql: AnySql, from: number): Promise<bigint> {
  const [row] = await sql<{ count: bigint }[]>`SELECT count(*) AS count FROM address_history WHERE height >= ${from}`
  return row?.count ?? 0n
}

/** One query: how many of these entries the history has, each as it is here. */
export async function countHistoryAmong(sql: AnySql, entries: readonly PlacedHistoryEntry[]): Promise<bigint> {
  if (entries.length === 0) return 0n
  const h2s = entries.map((entry) => entry.h2)
  const heights = entries.map((entry) => entry.height)
  const positions = entries.map((entry) => entry.position)
  const txids = entries.map((entry) => entry.txid)
  const received = entries.map((entry) => entry.received)
  const sent = entries.map((entry) => entry.sent)
  const [row] = await sql<{ count: bigint }[]>`
    SELECT count(*) AS count
    FROM unnest(${byteaArray(h2s)}::bytea[], ${int4Array(heights)}::int4[], ${int4Array(positions)}::int4[],
      ${byteaArray(txids)}::bytea[], ${int8Array(received)}::int8[], ${int8Array(sent)}::int8[])
      AS wanted (h2, height, position, txid, received, sent)
    JOIN address_history USING (h2, height, position, txid, received, sent)`
  return row?.count ?? 0n
}

/** One query: where the index has these transactions, in no order. */
export async function findPlaces(
  sql: AnySql,
  txids: readonly Uint8Array[],
): Promise<{ txid: Uint8Array; height: number; position: number }[]> {
  return await sql<{ txid: Buffer; height: number; position: number }[]>`
    SELECT txid, height, position FROM transactions WHERE txid = ANY (${byteaArray(txids)}::bytea[])`
}

/** One query: a bond that is unspent and no coin, or a coin and spent. */
export async function findOddBond(sql: AnySql): Promise<Uint8Array | undefined> {
  const [row] = await sql<{ outpoint: Buffer }[]>`
    SELECT b.outpoint FROM bonds b LEFT JOIN utxos u USING (outpoint)
    WHERE (b.spent_height IS NULL) <> (u.outpoint IS NOT NULL) LIMIT 1`
  return row?.outpoint
}
