import { decodeHeader, encodeHeader } from '@camelid/codec'
import type { HeaderNode } from '@camelid/consensus'
import { bigIntToBytes32, bytesToBigInt } from '@camelid/crypto'
import type { AnySql } from '@camelid/store'
import { asBuffer, byteaArray, int4Array, int8Array } from './byte-arrays.ts'

/** A header with what is known of its block. */
export interface IndexedHeader extends HeaderNode {
  /** Median time past of the eleven headers that end here, Unix seconds. */
  readonly medianTime: number
  readonly hasBlock: boolean
  /** Its block and those of all its ancestors are here. */
  readonly linked: boolean
  readonly invalid: boolean
}

interface HeaderRow {
  hash: Buffer
  height: number
  header: Buffer
  work: Buffer
  median_time: bigint
  anchor_height: number
  anchor_parent_time: bigint
  anchor_bits: bigint
  has_block: boolean
  linked_seq: bigint | null
  invalid: boolean
}

function fromRow(row: HeaderRow): IndexedHeader {
  return {
    hash: row.hash,
    height: row.height,
    header: decodeHeader(row.header),
    work: bytesToBigInt(row.work),
    anchor: {
      height: row.anchor_height,
      parentTime: Number(row.anchor_parent_time),
      bits: Number(row.anchor_bits),
    },
    medianTime: Number(row.median_time),
    hasBlock: row.has_block,
    linked: row.linked_seq !== null,
    invalid: row.invalid,
  }
}

const one = (rows: readonly HeaderRow[]) => rows.map(fromRow)[0]

/** One query. */
export async function findHeader(sql: AnySql, hash: Uint8Array): Promise<IndexedHeader | undefined> {
  return one(await sql<HeaderRow[]>`SELECT * FROM headers WHERE hash = ${asBuffer(hash)}`)
}

/** One query: those of the headers that are stored, in no order. */
export async function findHeaders(sql: AnySql, hashes: readonly Uint8Array[]): Promise<IndexedHeader[]> {
  if (hashes.length === 0) return []
  const rows = await sql<HeaderRow[]>`SELECT * FROM headers WHERE hash = ANY (${byteaArray(hashes)}::bytea[])`
  return rows.map(fromRow)
}

/** One query: a header and its ancestors, the highest first, at most `limit`. */
export async function listAncestors(sql: AnySql, hash: Uint8Array, limit: number): Promise<IndexedHeader[]> {
  const rows = await sql<HeaderRow[]>`
    WITH RECURSIVE way AS (
      SELECT hash, prev_hash, 1 AS steps FROM headers WHERE hash = ${asBuffer(hash)}
      UNION ALL
      SELECT h.hash, h.prev_hash, w.steps + 1 FROM headers h JOIN way w ON h.hash = w.prev_hash WHERE w.steps < ${limit}
    )
    SELECT h.* FROM way JOIN headers h USING (hash) ORDER BY way.steps`
  return rows.map(fromRow)
}

/** One query: the header on the best chain at this height. */
export async function findBestHeader(sql: AnySql, height: number): Promise<IndexedHeader | undefined> {
  return one(
    await sql<HeaderRow[]>`SELECT h.* FROM best_chain b JOIN headers h USING (hash) WHERE b.height = ${height}`,
  )
}

/** One query: the valid header with the most work, first seen on a tie as far as blocks are here. */
export async function findMostWork(sql: AnySql): Promise<IndexedHeader | undefined> {
  return one(
    await sql<HeaderRow[]>`
    SELECT * FROM headers WHERE NOT invalid ORDER BY work DESC, linked_seq NULLS LAST LIMIT 1`,
  )
}

/** One query: the complete, valid branch with more work than `work`, the most first, first seen on a tie. */
export async function findCandidate(sql: AnySql, work: bigint): Promise<IndexedHeader | undefined> {
  return one(
    await sql<HeaderRow[]>`
    SELECT * FROM headers
    WHERE linked_seq IS NOT NULL AND NOT invalid AND work > ${asBuffer(bigIntToBytes32(work))}
    ORDER BY work DESC, linked_seq LIMIT 1`,
  )
}

/** One query: headers of the best chain from `first` up, 80 bytes each. */
export async function listBestHeaders(sql: AnySql, first: number, limit: number): Promise<Uint8Array[]> {
  const rows = await sql<{ header: Buffer }[]>`
    SELECT h.header FROM best_chain b JOIN headers h USING (hash)
    WHERE b.height >= ${first} AND b.height < ${first + limit} ORDER BY b.height`
  return rows.map((row) => row.header)
}

/** One query: median times past of the best chain at these heights. */
export async function listMedianTimes(sql: AnySql, heights: readonly number[]): Promise<Map<number, number>> {
  const rows = await sql<{ height: number; median_time: bigint }[]>`
    SELECT b.height, h.median_time FROM best_chain b JOIN headers h USING (hash)
    WHERE b.height = ANY (${int4Array(heights)}::int4[])`
  return new Map(rows.map((row) => [row.height, Number(row.median_time)]))
}

/** One query. Headers that are there already stay as they are. */
export async function insertHeaders(sql: AnySql, nodes: readonly IndexedHeader[]): Promise<void> {
  if (nodes.length === 0) return
  await sql`
    INSERT INTO headers (hash, prev_hash, height, header, work, median_time, anchor_height, anchor_parent_time, anchor_bits)
    SELECT * FROM unnest(
      ${byteaArray(nodes.map((node) => node.hash))}::bytea[],
      ${byteaArray(nodes.map((node) => node.header.prevHash))}::bytea[],
      ${int4Array(nodes.map((node) => node.height))}::int4[],
      ${byteaArray(nodes.map((node) => encodeHeader(node.header)))}::bytea[],
      ${byteaArray(nodes.map((node) => bigIntToBytes32(node.work)))}::bytea[],
      ${int8Array(nodes.map((node) => BigInt(node.medianTime)))}::int8[],
      ${int4Array(nodes.map((node) => node.anchor.height))}::int4[],
      ${int8Array(nodes.map((node) => BigInt(node.anchor.parentTime)))}::int8[],
      ${int8Array(nodes.map((node) => BigInt(node.anchor.bits)))}::int8[])
    ON CONFLICT (hash) DO NOTHING`
}

/** One query: how many headers wait for a block, theirs or an ancestor's. */
export async function countUnlinked(sql: AnySql): Promise<number> {
  const [row] = await sql<
    { count: bigint }[]
  >`SELECT count(*) AS count FROM headers WHERE linked_seq IS NULL AND NOT invalid`
  return Number(row?.count ?? 0n)
}

/** One query: this header and everything on top of it are invalid. Returns their hashes. */
export async function markInvalid(sql: AnySql, hash: Uint8Array): Promise<Uint8Array[]> {
  const rows = await sql<{ hash: Buffer }[]>`
    WITH RECURSIVE branch AS (
      SELECT hash FROM headers WHERE hash = ${asBuffer(hash)}
      UNION ALL
      SELECT h.hash FROM headers h JOIN branch b ON h.prev_hash = b.hash
    )
    UPDATE headers SET invalid = true WHERE hash IN (SELECT hash FROM branch) RETURNING hash`
  return rows.map((row) => row.hash)
}

/**
 * One query: the branch on top of a block whose ancestors are complete is linked as far as its blocks are here.
 * Returns the headers that became linked.
 */
export async function linkBranch(sql: AnySql, hash: Uint8Array): Promise<{ hash: Uint8Array; height: number }[]> {
  return await sql<{ hash: Buffer; height: number }[]>`
    WITH RECURSIVE branch AS (
      SELECT hash, height FROM headers WHERE hash = ${asBuffer(hash)}
      UNION ALL
      SELECT h.hash, h.height FROM headers h JOIN branch b ON h.prev_hash = b.hash WHERE h.has_block
    ), numbered AS (
      SELECT hash, height, nextval('linked_seq') AS seq FROM (SELECT * FROM branch ORDER BY height) ordered
    )
    UPDATE headers h SET linked_seq = n.seq FROM numbered n WHERE h.hash = n.hash RETURNING h.hash, h.height`
}
