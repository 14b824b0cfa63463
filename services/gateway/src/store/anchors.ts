import type { Sql } from '@camelid/store'
import type { Target } from './addresses.ts'

/** One query. */
export async function loadAnchors(sql: Sql): Promise<Target[]> {
  const rows = await sql<{ host: string; port: number }[]>`select host, port from anchor order by host, port`
  return rows.map(({ host, port }) => ({ host, port }))
}

/** One transaction: these in place of those of before. */
export async function saveAnchors(sql: Sql, anchors: readonly Target[]): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`delete from anchor`
    for (const { host, port } of anchors) await tx`insert into anchor (host, port) values (${host}, ${port})`
  })
}
