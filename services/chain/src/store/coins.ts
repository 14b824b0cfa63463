import type { AnySql } from '@camelid/store'
import { asBuffer, boolArray, byteaArray, int4Array, int8Array, nullableByteaArray } from './byte-arrays.ts'

/** An unspent output of the best chain. */
export interface Coin {
  /** 36 bytes: txid ‖ index u32. */
  readonly outpoint: Uint8Array
  readonly value: bigint
  readonly scriptPubKey: Uint8Array
  /** Of the block that holds it. */
  readonly height: number
  readonly coinbase: boolean
}

/** A coin as the address index files it: h2 is the hash160 of a P2PKH output, null for other scripts. */
export interface IndexedCoin extends Coin {
  readonly h2: Uint8Array | null
}

interface CoinRow {
  outpoint: Buffer
  value: bigint
  script: Buffer
  height: number
  coinbase: boolean
}

function fromRow(row: CoinRow): Coin {
  return {
    outpoint: row.outpoint,
    value: row.value,
    scriptPubKey: row.script,
    height: row.height,
    coinbase: row.coinbase,
  }
}

/** One query: those of the outpoints that are unspent, in no order. */
export async function findCoins(sql: AnySql, outpoints: readonly Uint8Array[]): Promise<Coin[]> {
  if (outpoints.length === 0) return []
  const rows = await sql<CoinRow[]>`
    SELECT u.outpoint, value, script, height, coinbase
    FROM unnest(${byteaArray(outpoints)}::bytea[]) AS wanted (outpoint) JOIN utxos u USING (outpoint)`
  return rows.map(fromRow)
}

/** One query: a page of an address's coins in order of outpoint, after `after` where it is given. */
export async function listCoins(
  sql: AnySql,
  page: { h2: Uint8Array; after: Uint8Array; limit: number },
): Promise<Coin[]> {
  const rows = await sql<CoinRow[]>`
    SELECT outpoint, value, script, height, coinbase FROM utxos
    WHERE h2 = ${asBuffer(page.h2)} AND outpoint > ${asBuffer(page.after)}
    ORDER BY outpoint LIMIT ${page.limit}`
  return rows.map(fromRow)
}

/** One query. */
export async function insertCoins(sql: AnySql, coins: readonly IndexedCoin[]): Promise<void> {
  if (coins.length === 0) return
  await sql`
    INSERT INTO utxos (outpoint, value, script, height, coinbase, h2)
    SELECT * FROM unnest(
      ${byteaArray(coins.map((coin) => coin.outpoint))}::bytea[],
      ${int8Array(coins.map((coin) => coin.value))}::int8[],
      ${byteaArray(coins.map((coin) => coin.scriptPubKey))}::bytea[],
      ${int4Array(coins.map((coin) => coin.height))}::int4[],
      ${boolArray(coins.map((coin) => coin.coinbase))}::bool[],
      ${nullableByteaArray(coins.map((coin) => coin.h2))}::bytea[])`
}

/** One query. Returns how many were there. */
export async function deleteCoins(sql: AnySql, outpoints: readonly Uint8Array[]): Promise<number> {
  if (outpoints.length === 0) return 0
  const result = await sql`DELETE FROM utxos WHERE outpoint = ANY (${byteaArray(outpoints)}::bytea[])`
  return result.count
}
