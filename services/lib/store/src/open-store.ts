import { setTimeout as wait } from 'node:timers/promises'
import { isConnectionError } from './connection-error.ts'
import { migrate } from './migrate.ts'
import { readMigrations } from './read-migrations.ts'
import { createPool, type Sql } from './sql.ts'
import { StoreError } from './store-error.ts'

const CLOSE_TIMEOUT_S = 5
const PING_TIMEOUT_MS = 1_500

interface StoreLog {
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
}

interface OpenOptions {
  /** postgres://user:password@host:port/database */
  url: string
  /** The service's own schema, created if missing; also the search path. */
  schema: string
  /** Folder of NNNN_name.sql, e.g. `new URL('../migrations/', import.meta.url)`. Unqualified names land in the schema. */
  migrations: URL
  log: StoreLog
  signal: AbortSignal
  /** Connections at most. */
  max?: number
}

export interface Store extends AsyncDisposable {
  readonly sql: Sql
  /** Resolves if the database answers; for /readyz. */
  ping: () => Promise<void>
  close: () => Promise<void>
}

/** Waits until the database answers, migrates, and returns the pool. Throws StoreError, or the signal's reason. */
export async function openStore({ url, schema, migrations, log, signal, max = 8 }: OpenOptions): Promise<Store> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(schema))
    throw new StoreError('BAD_SCHEMA_NAME', `${JSON.stringify(schema)} is no schema name: use a-z, 0-9 and _`)
  const steps = await readMigrations(migrations)
  const sql = createPool({
    url,
    schema,
    max,
    onnotice: (notice) => log.debug({ notice: notice.message }, 'postgres notice'),
  })
  const close = () => sql.end({ timeout: CLOSE_TIMEOUT_S })
  try {
    const ran = await whenReachable(() => migrate(sql, schema, steps), { log, signal })
    if (ran > 0) log.info({ schema, ran, version: steps.length }, 'migrated the database')
  } catch (error) {
    await close()
    throw error
  }
  return { sql, ping: () => ping(sql), close, [Symbol.asyncDispose]: close }
}

async function whenReachable<T>(
  work: () => Promise<T>,
  { log, signal }: { log: StoreLog; signal: AbortSignal },
): Promise<T> {
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (!isConnectionError(error)) throw error
      if (tries === 3 || tries % 20 === 0) log.warn({ tries, reason: String(error) }, 'waiting for PostgreSQL')
    }
    await wait(Math.min(2_000, 50 * 2 ** Math.min(tries, 6)), undefined, { signal }).catch(() =>
      signal.throwIfAborted(),
    )
  }
}

async function ping(sql: Sql): Promise<void> {
  const query = sql`select 1`
  const timer = setTimeout(() => query.cancel(), PING_TIMEOUT_MS)
  try {
    await query
  } finally {
    clearTimeout(timer)
  }
}
