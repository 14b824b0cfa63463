import type { Sql } from '@camelid/store'
import type { Address } from './addresses.ts'

/** Pause before an address is dialled again; each failure doubles it, up to ten times. */
const PAUSE_MS = 10_000
/** What was not reached for so long is looked after. */
const STALE_MS = 86_400_000
/** What was not reached for so long is told to nobody. */
const TOLD_MS = 7 * 86_400_000

/** Which addresses must not be given: those of peers that are connected. */
export interface Except {
  readonly h2s: readonly Uint8Array[]
}

/** One query: addresses of one table to dial now, any of them with the same likelihood. */
export async function addressesToDial(
  sql: Sql,
  options: { tried: boolean; nowMs: number; limit: number } & Except,
): Promise<Address[]> {
  const { tried, nowMs, limit, h2s } = options
  const rows = await sql<AddressRow[]>`
    select host, port, h2, services, last_seen_ms from address
    where tried = ${tried} and ${due(sql, nowMs)} and ${notOf(sql, h2s)} order by random() limit ${limit}`
  return rows.map(addressOf)
}

/** One query: the address that a feeler looks for next: one whose place another wants, then hearsay or one long not reached. */
export async function addressToFeel(
  sql: Sql,
  { nowMs, h2s }: { nowMs: number } & Except,
): Promise<Address | undefined> {
  const [row] = await sql<AddressRow[]>`
    select host, port, h2, services, last_seen_ms from address
    where (challenged or not tried or last_reached_ms < ${nowMs - STALE_MS}) and ${due(sql, nowMs)} and ${notOf(sql, h2s)}
    order by challenged desc, random() limit 1`
  return row && addressOf(row)
}

/** One query: addresses that we reached lately ourselves, to tell others. */
export async function addressesToTell(sql: Sql, nowMs: number, limit: number): Promise<Address[]> {
  const rows = await sql<AddressRow[]>`
    select host, port, h2, services, last_seen_ms from address
    where h2 is not null and failures = 0 and last_reached_ms > ${nowMs - TOLD_MS} order by random() limit ${limit}`
  return rows.map(addressOf)
}

/** One query: how many addresses each table holds. */
export async function countAddresses(sql: Sql): Promise<{ tried: number; fresh: number }> {
  const [row] = await sql<{ tried: bigint; fresh: bigint }[]>`
    select count(*) filter (where tried) as tried, count(*) filter (where not tried) as fresh from address`
  return { tried: Number(row?.tried ?? 0), fresh: Number(row?.fresh ?? 0) }
}

const due = (sql: Sql, nowMs: number) => sql`last_try_ms + ${PAUSE_MS} * (2 ^ least(failures, 10)) <= ${nowMs}`

const notOf = (sql: Sql, h2s: readonly Uint8Array[]) =>
  sql`(h2 is null or h2 <> all(${sql.array(
    h2s.map((h2) => Buffer.from(h2)),
    17,
  )}))`

interface AddressRow {
  host: string
  port: number
  h2: Uint8Array | null
  services: bigint
  last_seen_ms: bigint
}

function addressOf(row: AddressRow): Address {
  const { host, port, services } = row
  return { host, port, h2: row.h2 ?? undefined, services, lastSeenMs: Number(row.last_seen_ms) }
}
