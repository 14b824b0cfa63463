import type { Migration } from './read-migrations.ts'
import type { Sql, TransactionSql } from './sql.ts'
import { StoreError } from './store-error.ts'

/** Any constant shared by all services; the schema's name makes the second half of the lock. */
const LOCK_CLASS = 0x43414d45

/**
 * Brings `schema` up to the last migration, each in its own transaction, under an advisory lock so that replicas which start
 * together do it once. Never goes back. Throws NEWER_SCHEMA, MIGRATION_CHANGED.
 * Returns how many ran.
 */
export async function migrate(sql: Sql, schema: string, migrations: readonly Migration[]): Promise<number> {
  let ran = 0
  while (await sql.begin((tx) => applyNext(tx, schema, migrations))) ran++
  return ran
}

/** One transaction: takes the lock, applies the first migration that is missing. False when there is none. */
async function applyNext(tx: TransactionSql, schema: string, migrations: readonly Migration[]): Promise<boolean> {
  await tx`select pg_advisory_xact_lock(${LOCK_CLASS}, hashtext(${schema}))`
  await tx`create schema if not exists ${tx(schema)}`
  await tx`create table if not exists ${tx(schema)}.migrations (
    version int primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())`
  const applied = await tx<{ version: number; name: string; sha256: string }[]>`
    select version, name, sha256 from ${tx(schema)}.migrations order by version`
  for (const { version, name, sha256 } of applied) {
    const own = migrations[version - 1]
    if (!own)
      throw new StoreError(
        'NEWER_SCHEMA',
        `the database's schema ${schema} is at version ${version} (${name}), this release knows ${migrations.length}: run the newer release, or start with an empty database`,
        { data: { schema, version, known: migrations.length } },
      )
    if (own.sha256 !== sha256)
      throw new StoreError(
        'MIGRATION_CHANGED',
        `migration ${own.name} of schema ${schema} ran with another content: restore the file, and put changes into a new migration`,
        { data: { schema, version } },
      )
  }
  const next = migrations[applied.length]
  if (!next) return false
  await tx.unsafe(next.sql)
  await tx`insert into ${tx(schema)}.migrations (version, name, sha256) values (${next.version}, ${next.name}, ${next.sha256})`
  return true
}
