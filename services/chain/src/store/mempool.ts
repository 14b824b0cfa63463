import type { AnySql } from '@camelid/store'
import { byteaArray, int4Array, int8Array, nullableByteaArray, packed } from './byte-arrays.ts'

interface NewEntry {
  readonly txid: Uint8Array
  readonly raw: Uint8Array
  /** Set for a reservation. */
  readonly jobId: Uint8Array | null
  /** Unix milliseconds. */
  readonly addedAtMs: number
}

export interface StoredEntry extends NewEntry {
  /** Counts entries as they were stored. */
  readonly seq: bigint
}

/** One query: a page of entries behind `after`, the oldest first. */
export async function listEntries(
  sql: AnySql,
  { after, limit }: { readonly after: bigint; readonly limit: number },
): Promise<StoredEntry[]> {
  const rows = await sql<{ seq: bigint; txid: Buffer; raw: Buffer; job_id: Buffer | null; added_at_ms: bigint }[]>`
    SELECT seq, txid, raw, job_id, added_at_ms FROM mempool WHERE seq > ${after} ORDER BY seq LIMIT ${limit}`
  return rows.map((row) => ({
    seq: row.seq,
    txid: row.txid,
    raw: row.raw,
    jobId: row.job_id,
    addedAtMs: Number(row.added_at_ms),
  }))
}

/** One query for all of them. */
export async function insertEntries(sql: AnySql, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return
  let end = 0
  const starts = entries.map(({ raw }) => {
    end += raw.length
    return end - raw.length + 1
  })
  await sql`
    INSERT INTO mempool (txid, raw, job_id, added_at_ms)
    SELECT substring(${packed(entries.map((entry) => entry.txid))}::bytea, 32 * n::int - 31, 32),
      substring(${packed(entries.map((entry) => entry.raw))}::bytea, start, length), job_id, added_at_ms
    FROM unnest(
      ${int4Array(starts)}::int4[],
      ${int4Array(entries.map((entry) => entry.raw.length))}::int4[],
      ${nullableByteaArray(entries.map((entry) => entry.jobId))}::bytea[],
      ${int8Array(entries.map((entry) => BigInt(entry.addedAtMs)))}::int8[])
      WITH ORDINALITY AS entry (start, length, job_id, added_at_ms, n)
    ON CONFLICT (txid) DO UPDATE SET job_id = excluded.job_id, added_at_ms = excluded.added_at_ms`
}

/** One query. */
export async function deleteEntries(sql: AnySql, txids: readonly Uint8Array[]): Promise<void> {
  if (txids.length === 0) return
  await sql`DELETE FROM mempool WHERE txid = ANY (${byteaArray(txids)}::bytea[])`
}
