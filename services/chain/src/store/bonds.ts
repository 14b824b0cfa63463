import type { AnySql } from '@camelid/store'
import { asBuffer, byteaArray, int4Array, int8Array } from './byte-arrays.ts'

/** Bonds in one answer, about a megabyte. */
const MAX_LISTED = 10_000

/** A bond output of the best chain (protocol: Bond script). */
export interface StoredBond {
  readonly outpoint: Uint8Array
  readonly nodeKey: Uint8Array
  readonly value: bigint
  readonly unbondHeight: number
  readonly height: number
}

interface BondRow {
  outpoint: Buffer
  node_key: Buffer
  value: bigint
  unbond_height: number
  height: number
}

function fromRow(row: BondRow): StoredBond {
  return {
    outpoint: row.outpoint,
    nodeKey: row.node_key,
    value: row.value,
    unbondHeight: row.unbond_height,
    height: row.height,
  }
}

/**
 * One query: unspent bonds of one node or of all, the oldest first. Where there are very many, those of the most value: anybody can make
 * bonds for another's key that are worth nothing.
 */
export async function listBonds(sql: AnySql, nodeKey: Uint8Array | undefined): Promise<StoredBond[]> {
  const rows = await sql<BondRow[]>`
    SELECT * FROM (
      SELECT outpoint, node_key, value, unbond_height, height FROM bonds
      WHERE spent_height IS NULL ${nodeKey === undefined ? sql`` : sql`AND node_key = ${asBuffer(nodeKey)}`}
      ORDER BY value DESC, height, outpoint LIMIT ${MAX_LISTED}) most
    ORDER BY height, outpoint`
  return rows.map(fromRow)
}

/**
 * One query: the bonds that stood unspent when the block at `at` was the tip, of at least `minimum` and locked beyond `lockedBeyond`
 * (protocol: Committee). The others, which cost next to nothing, must not cost us anything either, nor those spent long before.
 */
export async function listBondsAt(
  sql: AnySql,
  { at, minimum, lockedBeyond }: { readonly at: number; readonly minimum: bigint; readonly lockedBeyond: number },
): Promise<StoredBond[]> {
  const rows = await sql<BondRow[]>`
    SELECT outpoint, node_key, value, unbond_height, height FROM bonds
    WHERE spent_height IS NULL AND value >= ${minimum} AND height <= ${at} AND unbond_height > ${lockedBeyond}
    UNION ALL
    SELECT outpoint, node_key, value, unbond_height, height FROM bonds
    WHERE spent_height > ${at} AND value >= ${minimum} AND height <= ${at} AND unbond_height > ${lockedBeyond}`
  return rows.map(fromRow)
}

/** One query. */
export async function insertBonds(sql: AnySql, bonds: readonly StoredBond[]): Promise<void> {
  if (bonds.length === 0) return
  await sql`
    INSERT INTO bonds (outpoint, node_key, value, unbond_height, height)
    SELECT * FROM unnest(
      ${byteaArray(bonds.map((bond) => bond.outpoint))}::bytea[],
      ${byteaArray(bonds.map((bond) => bond.nodeKey))}::bytea[],
      ${int8Array(bonds.map((bond) => bond.value))}::int8[],
      ${int4Array(bonds.map((bond) => bond.unbondHeight))}::int4[],
      ${int4Array(bonds.map((bond) => bond.height))}::int4[])`
}

/** One query: bonds among these outpoints are spent at `height`, or unspent again where it is null. */
export async function spendBonds(sql: AnySql, outpoints: readonly Uint8Array[], height: number | null): Promise<void> {
  if (outpoints.length === 0) return
  await sql`UPDATE bonds SET spent_height = ${height} WHERE outpoint = ANY (${byteaArray(outpoints)}::bytea[])`
}

/** One query: forgets the bonds that the block at `height` created. */
export async function deleteBonds(sql: AnySql, outpoints: readonly Uint8Array[]): Promise<void> {
  if (outpoints.length === 0) return
  await sql`DELETE FROM bonds WHERE outpoint = ANY (${byteaArray(outpoints)}::bytea[])`
}
