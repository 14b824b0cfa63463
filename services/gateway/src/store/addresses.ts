import type { Sql } from '@camelid/store'

/** Hearsay that nobody answered at gives way after so many tries, what was once reached after more. */
const NEW_FAILURES = 3
const TRIED_FAILURES = 10
const MAX_AGE_MS = 30 * 86_400_000
/** Reached within this time, an address keeps its place against another that was reached too. */
const STEADY_MS = 7 * 86_400_000

export interface Target {
  readonly host: string
  readonly port: number
}

/** Where a peer may be found. */
export interface Address extends Target {
  /** Undefined for hearsay. */
  readonly h2: Uint8Array | undefined
  readonly services: bigint
  readonly lastSeenMs: number
}

/** An address that was told, with its place in the new table. */
export type Hearsay = Omit<Address, 'h2'> & { readonly place: number }

/**
 * One transaction: hearsay takes free places, and places of hearsay where nobody answered; of the rest nothing changes but the time
 * that unreached addresses were last seen.
 */
export async function noteHearsay(sql: Sql, told: readonly Hearsay[], nowMs: number): Promise<void> {
  const hosts = sql.array(
    told.map(({ host }) => host),
    25,
  )
  const ports = sql.array(
    told.map(({ port }) => port),
    23,
  )
  const seen = sql.array(
    told.map(({ lastSeenMs }) => BigInt(lastSeenMs)),
    20,
  )
  const services = sql.array(
    told.map((one) => BigInt.asUintN(63, one.services)),
    20,
  )
  const places = sql.array(
    told.map(({ place }) => place),
    23,
  )
  await sql.begin(async (tx) => {
    await tx`
      delete from address a using unnest(${places}) as t(place)
      where not a.tried and a.place = t.place
      and (a.h2 is null and a.failures > 0 or a.last_seen_ms < ${nowMs - MAX_AGE_MS})
      and not exists (select 1 from unnest(${hosts}, ${ports}) as u(host, port) where u.host = a.host and u.port = a.port)`
    await tx`
      update address a set last_seen_ms = greatest(a.last_seen_ms, t.seen)
      from unnest(${hosts}, ${ports}, ${seen}) as t(host, port, seen)
      where a.host = t.host and a.port = t.port and a.h2 is null`
    await tx`
      insert into address (host, port, services, tried, place, last_seen_ms)
      select t.host, t.port, t.services, false, t.place, t.seen
      from unnest(${hosts}, ${ports}, ${services}, ${places}, ${seen}) as t(host, port, services, place, seen)
      on conflict do nothing`
  })
}

/**
 * One transaction: a handshake there proved a key. The address takes its place in the tried table, unless one that was reached lately
 * has it: that one is then looked after by a feeler, and the newcomer stays in the new table, before hearsay.
 */
export async function noteReached(
  sql: Sql,
  address: Target & { h2: Uint8Array; services: bigint; triedPlace: number; newPlace: number },
  nowMs: number,
): Promise<void> {
  const { host, port, h2, services, triedPlace, newPlace } = address
  await sql.begin(async (tx) => {
    await tx`delete from address where host = ${host} and port = ${port}`
    await tx`
      delete from address where tried and place = ${triedPlace}
      and (failures > 0 or last_reached_ms < ${nowMs - STEADY_MS})`
    const { count } = await tx`update address set challenged = true where tried and place = ${triedPlace}`
    const tried = count === 0
    if (!tried) await tx`delete from address where not tried and place = ${newPlace} and h2 is null`
    await tx`
      insert into address (host, port, h2, services, tried, place, last_seen_ms, last_try_ms, last_reached_ms)
      values (${host}, ${port}, ${h2}, ${BigInt.asUintN(63, services)}, ${tried}, ${tried ? triedPlace : newPlace},
        ${nowMs}, ${nowMs}, ${nowMs})
      on conflict do nothing`
  })
}

/** One query: nobody answered there. Forgotten after enough failures (PostgreSQL does not delete what the same query updates). */
export async function noteFailure(sql: Sql, { host, port }: Target, nowMs: number): Promise<void> {
  const worn = sql`failures >= case when tried then ${TRIED_FAILURES - 1}::integer else ${NEW_FAILURES - 1}::integer end`
  await sql`
    with forgotten as (delete from address where host = ${host} and port = ${port} and ${worn})
    update address set failures = failures + 1, last_try_ms = ${nowMs}
    where host = ${host} and port = ${port} and not (${worn})`
}

/** One query: nobody answered, which may be for our own line: it is tried again later, and nothing else. */
export async function noteTry(sql: Sql, { host, port }: Target, nowMs: number): Promise<void> {
  await sql`update address set last_try_ms = ${nowMs} where host = ${host} and port = ${port}`
}

/** One query: peers with these keys are connected now. */
export async function noteConnected(sql: Sql, h2s: readonly Uint8Array[], nowMs: number): Promise<void> {
  await sql`
    update address set last_seen_ms = ${nowMs}, last_reached_ms = ${nowMs}
    where failures = 0 and h2 = any(${sql.array(
      h2s.map((h2) => Buffer.from(h2)),
      17,
    )})`
}

/** One query. */
export async function forgetAddress(sql: Sql, { host, port }: Target): Promise<void> {
  await sql`delete from address where host = ${host} and port = ${port}`
}
