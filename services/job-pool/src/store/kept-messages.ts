import type { AnySql } from '@camelid/store'

/** More than this many are never kept: the oldest go. */
const KEPT = 1024

/** One query: keeps a message that moves nothing yet (a dispute, a job whose outpoint is taken), within bounds. */
export async function keepMessage(
  sql: AnySql,
  message: {
    readonly kind: number
    readonly hash: Uint8Array
    readonly payload: Uint8Array
    /** What it is about: the outpoint that rival jobs share. */
    readonly about?: Uint8Array
    readonly nowMs: number
  },
): Promise<void> {
  await sql`
    with kept as (
      insert into kept_messages (kind, hash, payload, about, seen_ms)
      values (${message.kind}, ${message.hash}, ${message.payload}, ${message.about ?? null},
        ${BigInt(Math.round(message.nowMs))})
      on conflict do nothing returning id)
    delete from kept_messages where id <= (select max(id) from kept) - ${KEPT}`
}

/** One query. */
export async function countKeptAbout(sql: AnySql, about: Uint8Array): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from kept_messages where about = ${about}`
  return row?.n ?? 0
}
