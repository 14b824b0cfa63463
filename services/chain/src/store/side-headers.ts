import type { AnySql } from '@camelid/store'
import { asBuffer } from './byte-arrays.ts'

/** One query: forgets all headers that are not linked, and their blocks, but for those that lead to `best`. Returns how many. */
export async function deleteSideHeaders(sql: AnySql, best: Uint8Array): Promise<number> {
  const result = await sql`
    WITH RECURSIVE kept AS (
      SELECT hash, prev_hash, linked_seq FROM headers WHERE hash = ${asBuffer(best)}
      UNION ALL
      SELECT h.hash, h.prev_hash, h.linked_seq FROM headers h JOIN kept k ON h.hash = k.prev_hash WHERE k.linked_seq IS NULL
    ), deleted AS (
      DELETE FROM headers WHERE linked_seq IS NULL AND NOT invalid AND hash NOT IN (SELECT hash FROM kept) RETURNING hash
    ), bodies AS (
      DELETE FROM blocks WHERE hash IN (SELECT hash FROM deleted)
    )
    SELECT 1 FROM deleted`
  return result.count
}
