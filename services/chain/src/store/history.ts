import type { AnySql } from '@camelid/store'
import { asBuffer, byteaArray, int4Array, int8Array, packed } from './byte-arrays.ts'

/** One transaction of the best chain that pays to an address or spends from it. */
export interface HistoryEntry {
  /** hash160 of a P2PKH output. */
  readonly h2: Uint8Array
  /** In its block. */
  readonly position: number
  readonly txid: Uint8Array
  /** Base units that its outputs pay to the address. */
  readonly received: bigint
  /** Base units of the address that its inputs spend. */
  readonly sent: bigint
}

export interface PlacedHistoryEntry extends HistoryEntry {
  readonly height: number
}

/** A place in the chain: of the transactions below it the history goes on. */
export interface HistoryPlace {
  readonly height: number
  readonly position: number
}

/** One query. */
export async function insertHistory(sql: AnySql, height: number, entries: readonly HistoryEntry[]): Promise<void> {
  if (entries.length === 0) return
  const column = <T>(read: (entry: HistoryEntry) => T): T[] => entries.map(read)
  await sql`
    INSERT INTO address_history (h2, height, position, txid, received, sent)
    SELECT substring(${packed(column(({ h2 }) => h2))}::bytea, 20 * n::int - 19, 20), ${height}, position,
      substring(${packed(column(({ txid }) => txid))}::bytea, 32 * n::int - 31, 32), received, sent
    FROM unnest(
      ${int4Array(column(({ position }) => position))}::int4[],
      ${int8Array(column(({ received }) => received))}::int8[],
      ${int8Array(column(({ sent }) => sent))}::int8[]) WITH ORDINALITY AS entry (position, received, sent, n)`
}

/** One query: forgets what the block at `height` did to these addresses. */
export async function deleteHistory(sql: AnySql, height: number, addresses: readonly Uint8Array[]): Promise<void> {
  if (addresses.length === 0) return
  await sql`
    DELETE FROM address_history WHERE height = ${height} AND h2 = ANY (${byteaArray(addresses)}::bytea[])`
}

/** One query: a page of an address's history, the newest first, below `before` where it is given. */
export async function listHistory(
  sql: AnySql,
  page: { readonly h2: Uint8Array; readonly before: HistoryPlace | undefined; readonly limit: number },
): Promise<PlacedHistoryEntry[]> {
  const { before } = page
  return await sql<(PlacedHistoryEntry & { h2: Buffer; txid: Buffer })[]>`
    SELECT h2, height, position, txid, received, sent FROM address_history
    WHERE h2 = ${asBuffer(page.h2)}
      ${before === undefined ? sql`` : sql`AND (height, position) < (${before.height}, ${before.position})`}
    ORDER BY height DESC, position DESC LIMIT ${page.limit}`
}

/** One query: the lowest block that the history lacks, of a database that is older than the history. */
export async function findHistoryBackfill(sql: AnySql): Promise<number | undefined> {
  const [row] = await sql<{ next_height: number }[]>`SELECT next_height FROM history_backfill`
  return row?.next_height
}

/** One query: notes how far the history was filed, or, without a height, that it is whole. */
export async function moveHistoryBackfill(sql: AnySql, next: number | undefined): Promise<void> {
  if (next === undefined) await sql`DELETE FROM history_backfill`
  else await sql`UPDATE history_backfill SET next_height = ${next}`
}
