import type { AnySql } from '@camelid/store'
import { asBuffer, byteaArray } from './byte-arrays.ts'

export interface StoredEntry {
  readonly txid: Uint8Array
  readonly raw: Uint8Array
  /** Set for a reservation. */
  readonly jobId: Uint8Array | null
  /** Unix milliseconds. */
  readonly addedAtMs: number
}

/** One query: oldest first, so that parents come before children. */
export async function listEntries(sql: AnySql): Promise<StoredEntry[]> {
  const rows = await sql<{ txid: Buffer; raw: Buffer; job_id: Buffer | null; added_at_ms: bigint }[]>`
    SELECT txid, raw, job_id, added_at_ms FROM mempool ORDER BY seq`
  return rows.map((row) => ({ txid: row.txid, raw: row.raw, jobId: row.job_id, addedAtMs: Number(row.added_at_ms) }))
}

/** One query. */
export async function insertEntry(sql: AnySql, entry: StoredEntry): Promise<void> {
  await sql`
    INSERT INTO mempool (txid, raw, job_id, added_at_ms)
    VALUES (${asBuffer(entry.txid)}, ${asBuffer(entry.raw)},
            ${entry.jobId === null ? null : asBuffer(entry.jobId)}, ${BigInt(entry.addedAtMs)})
    ON CONFLICT (txid) DO UPDATE SET job_id = excluded.job_id, added_at_ms = excluded.added_at_ms`
}

/** One query. */
export async function deleteEntries(sql: AnySql, txids: readonly Uint8Array[]): Promise<void> {
  if (txids.length === 0) return
  await sql`DELETE FROM mempool WHERE txid = ANY (${byteaArray(sql, txids)}::bytea[])`
}
