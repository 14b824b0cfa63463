import type { AnySql } from '@camelid/store'
import { byteaArray } from './byte-arrays.ts'

/** Ids asked for in one query. */
const BATCH = 5_000

/** One query for every 5,000: those of the ids that are of transactions of the best chain. */
export async function findKnown(sql: AnySql, txids: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const known: Uint8Array[] = []
  for (let at = 0; at < txids.length; at += BATCH) {
    const rows = await sql<{ txid: Buffer }[]>`
      SELECT txid FROM transactions WHERE txid = ANY (${byteaArray(txids.slice(at, at + BATCH))}::bytea[])`
    known.push(...rows.map(({ txid }) => txid))
  }
  return known
}
