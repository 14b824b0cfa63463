import type { Sql } from '@camelid/store'

/** The whole book, and what one part of the network may fill of it. */
const MAX_ADDRESSES = 10_000
const MAX_PER_BUCKET = 256
const MAX_FAILURES = 10

/** Where a peer may be found. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly h2: Uint8Array | undefined
  readonly services: bigint
  readonly lastSeenMs: number
}

/**
 * One statement an address, in one transaction: adds what is new where there is room, and refreshes what is known.
 * Where the book is full what was never reached goes first: hearsay must not push out what we know.
 */
export async function noteAddresses(sql: Sql, addresses: readonly (Address & { bucket: string })[]): Promise<void> {
  await sql.begin(async (tx) => {
    for (const { host, port, services, lastSeenMs, bucket } of addresses) {
      await tx`
        insert into address (host, port, services, last_seen_ms, bucket)
        select ${host}, ${port}, ${BigInt.asUintN(63, services)}, ${lastSeenMs}, ${bucket}
        where (select count(*) from address where bucket = ${bucket}) < ${MAX_PER_BUCKET}
        on conflict (host, port) do update
        set last_seen_ms = greatest(address.last_seen_ms, excluded.last_seen_ms)`
    }
    await tx`
      delete from address where (host, port) in (
        select host, port from address order by h2 is null, last_seen_ms desc offset ${MAX_ADDRESSES})`
  })
}

/** One query: a handshake with this address proved the key. */
export async function noteConnected(sql: Sql, address: Address & { bucket: string }): Promise<void> {
  const { host, port, h2, services, lastSeenMs, bucket } = address
  await sql`
    insert into address (host, port, h2, services, last_seen_ms, last_try_ms, bucket)
    values (${host}, ${port}, ${h2 ?? null}, ${BigInt.asUintN(63, services)}, ${lastSeenMs}, ${lastSeenMs}, ${bucket})
    on conflict (host, port) do update
    set h2 = excluded.h2, services = excluded.services, last_seen_ms = excluded.last_seen_ms,
        last_try_ms = excluded.last_try_ms, failures = 0`
}

/** One query: nobody answered there. Forgotten after ten failures in a row (PostgreSQL does not delete what the same query updates). */
export async function noteFailure(sql: Sql, host: string, port: number, nowMs: number): Promise<void> {
  await sql`
    with forgotten as (delete from address where host = ${host} and port = ${port} and failures >= ${MAX_FAILURES - 1})
    update address set failures = failures + 1, last_try_ms = ${nowMs}
    where host = ${host} and port = ${port} and failures < ${MAX_FAILURES - 1}`
}

/** One query: addresses to try now, one a bucket, those that failed least first; a failure doubles the pause from a minute. */
export async function addressesToTry(sql: Sql, limit: number, nowMs: number): Promise<Address[]> {
  const rows = await sql<AddressRow[]>`
    select host, port, h2, services, last_seen_ms from (
      select distinct on (bucket) * from address
      where last_try_ms + 60000 * (2 ^ least(failures, 10)) <= ${nowMs}
      order by bucket, failures, random()) picked
    order by failures, random() limit ${limit}`
  return rows.map(addressOf)
}

/** One query: addresses whose key a handshake proved, the freshest first, to tell others. */
export async function provenAddresses(sql: Sql, limit: number): Promise<Address[]> {
  const rows = await sql<AddressRow[]>`
    select host, port, h2, services, last_seen_ms from address
    where h2 is not null and failures = 0 order by last_seen_ms desc limit ${limit}`
  return rows.map(addressOf)
}

interface AddressRow {
  host: string
  port: number
  h2: Uint8Array | null
  services: bigint
  last_seen_ms: bigint
}

function addressOf(row: AddressRow): Address {
  return {
    host: row.host,
    port: row.port,
    h2: row.h2 ?? undefined,
    services: row.services,
    lastSeenMs: Number(row.last_seen_ms),
  }
}
