import type { AnySql } from '@camelid/store'

/** One query: the height up to which blocks were dropped; -1 where all of them are here. */
export async function findPrunedHeight(sql: AnySql): Promise<number> {
  const [row] = await sql<{ height: number }[]>`SELECT height FROM pruned`
  return row?.height ?? -1
}

/** One query. */
export async function setPrunedHeight(sql: AnySql, height: number): Promise<void> {
  await sql`INSERT INTO pruned (height) VALUES (${height}) ON CONFLICT (only_row) DO UPDATE SET height = excluded.height`
}

/** One query: drops blocks and undo data of all branches from height 1 up to `height`. @returns how many blocks */
export async function deleteBodies(sql: AnySql, height: number): Promise<number> {
  const [row] = await sql<{ blocks: bigint }[]>`
    WITH old AS (SELECT hash FROM headers WHERE height BETWEEN 1 AND ${height}),
      bodies AS (DELETE FROM blocks USING old WHERE blocks.hash = old.hash RETURNING 1),
      undone AS (DELETE FROM undo USING old WHERE undo.hash = old.hash RETURNING 1)
    SELECT (SELECT count(*) FROM bodies) AS blocks, (SELECT count(*) FROM undone) AS undone`
  return Number(row?.blocks ?? 0n)
}

/** One query: the height up to which the table of coins stands. */
export async function findFlushedHeight(sql: AnySql): Promise<number> {
  const [row] = await sql<{ height: number }[]>`SELECT height FROM utxo_state`
  return row?.height ?? -1
}
