import type { AnySql } from '@camelid/store'
import { ChainError } from '../chain-error.ts'
import { asBuffer } from './byte-arrays.ts'
import type { StoredTip } from './tip.ts'

/** The block up to which the table `utxos` stands. */
export interface Flushed {
  readonly hash: Uint8Array
  readonly height: number
}

/** One query: of an empty database. */
export async function insertFlushed(sql: AnySql, flushed: Flushed): Promise<void> {
  await sql`INSERT INTO utxo_state (hash, height) VALUES (${asBuffer(flushed.hash)}, ${flushed.height})`
}

/** One query: undefined in an empty database only. */
export async function findFlushed(sql: AnySql): Promise<Flushed | undefined> {
  const [row] = await sql<{ hash: Buffer; height: number }[]>`SELECT hash, height FROM utxo_state`
  return row
}

/**
 * One query: notes up to which block the table `utxos` stands, from now on in the caller's transaction.
 * @throws ChainError TIP_MOVED where another process has written the table
 */
export async function moveFlushed(sql: AnySql, from: Flushed, to: Flushed): Promise<void> {
  const result = await sql`
    UPDATE utxo_state SET hash = ${asBuffer(to.hash)}, height = ${to.height} WHERE hash = ${asBuffer(from.hash)}`
  if (result.count !== 1) throw movedElsewhere()
}

/**
 * One query: holds the tip where it is until the caller's transaction ends.
 * @throws ChainError TIP_MOVED where another process has moved it
 */
export async function holdTip(sql: AnySql, tip: StoredTip): Promise<void> {
  const rows = await sql`
    SELECT 1 FROM tip WHERE hash = ${asBuffer(tip.hash)} AND version = ${tip.version} FOR UPDATE`
  if (rows.length !== 1) throw movedElsewhere()
}

function movedElsewhere(): ChainError {
  return new ChainError(
    'TIP_MOVED',
    'another process writes to this database: stop it, one chain service owns a schema',
  )
}
