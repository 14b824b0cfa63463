import postgres from 'postgres'
import { withSafeBegin } from './safe-begin.ts'

type Types = { bigint: bigint }

/** postgres.js with int8 as bigint. Arrays of bytes: `sql.array(buffers, 17)`; 23 int4, 20 int8, 16 bool. */
export type Sql = postgres.Sql<Types>
export type TransactionSql = postgres.TransactionSql<Types>
/** Either: what a query function takes that works inside and outside a transaction. */
export type AnySql = postgres.ISql<Types>

interface PoolOptions {
  url: string
  schema: string
  max: number
  onnotice: (notice: postgres.Notice) => void
}

export function createPool({ url, schema, max, onnotice }: PoolOptions): Sql {
  const sql: Sql = postgres(url, {
    max,
    types: { bigint: postgres.BigInt },
    connection: { search_path: schema, application_name: `camelid-${schema}` },
    connect_timeout: 5,
    // Fast reconnection after a restart of the server: services ask again by themselves.
    backoff: (tries) => Math.min(1, 0.05 * 2 ** tries),
    onnotice,
  })
  return withSafeBegin(sql)
}
