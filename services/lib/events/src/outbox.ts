import type { AnySql, Sql } from '@camelid/store'
import type { Bus } from './connect-bus.ts'
import { type BusLog, pause, reasonOf } from './link.ts'

const BATCH = 200
/** In case a wake was missed, e.g. because another process wrote the event. */
const IDLE_MS = 1_000

/**
 * The table that a service's own migration creates; events are written in the transaction of the state they tell of.
 * Copy it into a migration as it is.
 */
export const OUTBOX_TABLE = `create table outbox (
  id bigserial primary key,
  event_id text not null unique,
  subject text not null,
  payload bytea not null
);`

export interface OutboxEvent {
  /** Unique for ever, e.g. `connected:<hash>`: the stream and consumers tell repetitions by it. */
  eventId: string
  /** Without network and node. */
  subject: string
  payload: Uint8Array
}

/** One query, in the caller's transaction. An event id that still waits there is not added twice. */
export async function addToOutbox(tx: AnySql, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length === 0) return
  const payloads = events.map(({ payload }) => Buffer.from(payload))
  await tx`
    insert into outbox (event_id, subject, payload)
    select * from unnest(${tx.array(
      events.map((event) => event.eventId),
      TEXT,
    )}, ${tx.array(
      events.map((event) => event.subject),
      TEXT,
    )},
      ${tx.array(payloads, BYTEA)})
    on conflict (event_id) do nothing`
}

/** PostgreSQL's type numbers. */
const TEXT = 25
const BYTEA = 17

export interface Outbox {
  /** Call after the transaction: its events leave at once. */
  wake: () => void
  /** Resolves when the loop ended after the signal's abort. */
  done: Promise<void>
}

interface OutboxOptions {
  sql: Sql
  bus: Bus
  log: BusLog
  signal: AbortSignal
}

/** Sends the outbox in order and deletes what the stream holds; survives a restart of either side. */
export function runOutbox({ sql, bus, log, signal }: OutboxOptions): Outbox {
  const bell = createBell(signal)
  const loop = async () => {
    for (let failures = 0; !signal.aborted; ) {
      bell.quiet()
      try {
        const sent = await sendBatch(sql, bus, signal)
        failures = 0
        if (sent < BATCH) await bell.wait(IDLE_MS)
      } catch (error) {
        failures++
        if (!signal.aborted && failures % 10 === 3)
          log.warn({ failures, reason: reasonOf(error) }, 'events wait in the outbox')
        await pause(Math.min(2_000, 50 * 2 ** Math.min(failures, 6)), signal)
      }
    }
  }
  return { wake: bell.ring, done: loop() }
}

/** A ring during the work is kept until the next wait. */
function createBell(signal: AbortSignal): { ring: () => void; quiet: () => void; wait: (ms: number) => Promise<void> } {
  let rung = false
  let waiting: (() => void) | undefined
  const ring = () => {
    rung = true
    waiting?.()
  }
  signal.addEventListener('abort', ring, { once: true })
  return {
    ring,
    quiet: () => {
      rung = false
    },
    wait: (ms) => {
      if (rung || signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        waiting = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    },
  }
}

/** Two queries; the deletion names ids, because a transaction with a smaller id may commit later. */
async function sendBatch(sql: Sql, bus: Bus, signal: AbortSignal): Promise<number> {
  const rows = await sql<{ id: bigint; event_id: string; subject: string; payload: Uint8Array }[]>`
    select id, event_id, subject, payload from outbox order by id limit ${BATCH}`
  const sent: bigint[] = []
  try {
    for (const row of rows) {
      if (signal.aborted) break
      await bus.publish(row.subject, row.payload, { id: row.event_id })
      sent.push(row.id)
    }
  } finally {
    if (sent.length > 0) await sql`delete from outbox where id = any(${sql.array(sent.map(String), INT8)}::int8[])`
  }
  return rows.length
}

const INT8 = 20
