import { openStore } from '@camelid/store'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }
const TABLES = ['utxos', 'bonds', 'settlements', 'transactions', 'best_chain', 'undo'] as const

/** Everything that a block changes, in an order of its own. */
export async function snapshot(databaseUrl: string): Promise<Record<string, unknown[]>> {
  const store = await openStore({
    url: databaseUrl,
    schema: 'chain',
    migrations: new URL('../migrations/', import.meta.url),
    log: silent,
    signal: AbortSignal.timeout(10_000),
  })
  try {
    const tables: Record<string, unknown[]> = {}
    for (const table of TABLES) tables[table] = [...(await store.sql`SELECT * FROM ${store.sql(table)} ORDER BY 1, 2`)]
    return tables
  } finally {
    await store.close()
  }
}
