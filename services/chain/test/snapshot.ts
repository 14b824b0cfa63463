import { PAYEE } from './branch.ts'
import type { TestChain } from './harness.ts'
import { inChainDatabase } from './tables.ts'

const TABLES = ['utxos', 'bonds', 'settlements', 'transactions', 'best_chain', 'undo', 'address_history'] as const

/** Everything that a block changes, in an order of its own. */
export async function snapshot(chain: TestChain): Promise<Record<string, unknown[]>> {
  // Every block pays the payee: to list its coins, what is in memory has to go to the table first.
  await chain.client.getUtxos({ h2: PAYEE })
  const tables: Record<string, unknown[]> = {}
  await inChainDatabase(chain.databaseUrl, async (sql) => {
    for (const table of TABLES) tables[table] = [...(await sql`SELECT * FROM ${sql(table)} t ORDER BY t::text`)]
  })
  return tables
}
