import type { AnySql } from '@camelid/store'

/** One query. */
export async function findFeeMemory(sql: AnySql): Promise<Uint8Array | undefined> {
  const [row] = await sql<{ learned: Uint8Array }[]>`SELECT learned FROM fee_memory`
  return row?.learned
}

/** One query. */
export async function saveFeeMemory(sql: AnySql, learned: Uint8Array): Promise<void> {
  await sql`
    INSERT INTO fee_memory (learned) VALUES (${learned}) ON CONFLICT (only_row) DO UPDATE SET learned = excluded.learned`
}
