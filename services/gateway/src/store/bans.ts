import type { Sql } from '@camelid/store'

/** Who is not let in, and until when. */
export interface Ban {
  /** "key:<h2 hex>" or "host:<address>". */
  readonly subject: string
  readonly untilMs: number
  readonly reason: string
}

/** One query: in place of any ban of the same subject. */
export async function saveBan(sql: Sql, ban: Ban): Promise<void> {
  await sql`
    insert into ban (subject, until_ms, reason) values (${ban.subject}, ${ban.untilMs}, ${ban.reason})
    on conflict (subject) do update set until_ms = excluded.until_ms, reason = excluded.reason`
}

/** One query; false where there was none. */
export async function deleteBan(sql: Sql, subject: string): Promise<boolean> {
  return (await sql`delete from ban where subject = ${subject}`).count > 0
}

/** One query: forgets what has expired, and all but the `limit` longest, so that a flood of bans does not fill the disk. */
export async function pruneBans(sql: Sql, nowMs: number, limit: number): Promise<void> {
  await sql`
    delete from ban where until_ms <= ${nowMs}
    or subject in (select subject from ban order by until_ms desc offset ${limit})`
}

/** One transaction: forgets what has expired, and gives the rest, the longest first. */
export async function loadBans(sql: Sql, nowMs: number, limit: number): Promise<Ban[]> {
  return await sql.begin(async (tx) => {
    await tx`delete from ban where until_ms <= ${nowMs}`
    const rows = await tx<{ subject: string; until_ms: bigint; reason: string }[]>`
      select subject, until_ms, reason from ban order by until_ms desc limit ${limit}`
    return rows.map((row) => ({ subject: row.subject, untilMs: Number(row.until_ms), reason: row.reason }))
  })
}
