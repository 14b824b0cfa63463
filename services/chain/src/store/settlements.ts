import { decodeOutPoint, encodeOutPoint } from '@camelid/codec'
import type { SettlementEntry } from '@camelid/consensus'
import type { AnySql } from '@camelid/store'
import { byteaArray } from './byte-arrays.ts'

/** One query: those of the entries that the chain has already. */
export async function findSettlements(sql: AnySql, entries: readonly SettlementEntry[]): Promise<SettlementEntry[]> {
  if (entries.length === 0) return []
  const rows = await sql<{ outpoint: Buffer; job_id: Buffer; h2: Buffer }[]>`
    SELECT outpoint, job_id, h2 FROM settlements JOIN ${unnested(sql, entries)} USING (outpoint, job_id, h2)`
  return rows.map((row) => ({ outpoint: decodeOutPoint(row.outpoint), jobId: row.job_id, h2: row.h2 }))
}

/** One query. */
export async function insertSettlements(
  sql: AnySql,
  entries: readonly SettlementEntry[],
  height: number,
): Promise<void> {
  if (entries.length === 0) return
  await sql`
    INSERT INTO settlements (outpoint, job_id, h2, height)
    SELECT outpoint, job_id, h2, ${height} FROM ${unnested(sql, entries)}`
}

/** One query: forgets the entries of the block at `height`. */
export async function deleteSettlements(sql: AnySql, height: number): Promise<void> {
  await sql`DELETE FROM settlements WHERE height = ${height}`
}

function unnested(sql: AnySql, entries: readonly SettlementEntry[]) {
  return sql`unnest(
    ${byteaArray(entries.map((entry) => encodeOutPoint(entry.outpoint)))}::bytea[],
    ${byteaArray(entries.map((entry) => entry.jobId))}::bytea[],
    ${byteaArray(entries.map((entry) => entry.h2))}::bytea[]) AS wanted (outpoint, job_id, h2)`
}
