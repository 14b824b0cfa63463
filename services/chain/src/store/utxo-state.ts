import type { AnySql } from '@camelid/store'
import { asBuffer } from './byte-arrays.ts'

/** The block up to which the table `utxos` stands. */
interface Flushed {
  readonly hash: Uint8Array
  readonly height: number
}

/** One query: of an empty database. */
export async function insertFlushed(sql: AnySql, flushed: Flushed): Promise<void> {
  await sql`INSERT INTO utxo_state (hash, height) VALUES (${asBuffer(flushed.hash)}, ${flushed.height})`
}
