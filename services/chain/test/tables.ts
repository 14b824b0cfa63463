import { bytesToHex } from '@camelid/crypto'
import { openStore, type Sql } from '@camelid/store'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }

/** Reads a database of the chain, migrated where it was not. */
export async function inChainDatabase<T>(databaseUrl: string, read: (sql: Sql) => Promise<T>): Promise<T> {
  await using store = await openStore({
    url: databaseUrl,
    schema: 'chain',
    migrations: new URL('../migrations/', import.meta.url),
    log: silent,
    signal: AbortSignal.timeout(10_000),
  })
  return await read(store.sql)
}

/** The table `utxos` as `rowsOfLedger` has it. */
export async function rowsOfCoins(sql: Sql): Promise<string[]> {
  const rows = await sql<
    { outpoint: Buffer; value: bigint; script: Buffer; height: number; coinbase: boolean; h2: Buffer | null }[]
  >`SELECT outpoint, value, script, height, coinbase, h2 FROM utxos`
  return rows
    .map(({ outpoint, value, script, height, coinbase, h2 }) =>
      [bytesToHex(outpoint), value, bytesToHex(script), height, coinbase, h2 === null ? '' : bytesToHex(h2)].join(' '),
    )
    .toSorted()
}

/** The table `address_history` as a ledger's. */
export async function rowsOfHistory(sql: Sql): Promise<string[]> {
  const rows = await sql<
    { h2: Buffer; height: number; position: number; txid: Buffer; received: bigint; sent: bigint }[]
  >`SELECT h2, height, position, txid, received, sent FROM address_history`
  return rows
    .map(({ h2, height, position, txid, received, sent }) =>
      [bytesToHex(h2), height, position, bytesToHex(txid), received, sent].join(' '),
    )
    .toSorted()
}

/** The height up to which the table `utxos` stands. */
export async function flushedHeight(sql: Sql): Promise<number> {
  const [row] = await sql<{ height: number }[]>`SELECT height FROM utxo_state`
  return row?.height ?? -1
}
