import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { StoreError } from './store-error.ts'

export interface Migration {
  version: number
  name: string
  sql: string
  /** SHA-256 of the file, hex: a migration that ran must never change. */
  sha256: string
}

const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/

/** Migrations 0001, 0002, … of a folder, in order. Throws BAD_MIGRATIONS on gaps, doubles and odd names. */
export async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(fileURLToPath(folder))).filter((name) => name.endsWith('.sql')).sort()
  const base = folder.href.endsWith('/') ? folder : new URL(`${folder.href}/`)
  const migrations: Migration[] = []
  for (const name of names) {
    const version = Number(FILE_NAME.exec(name)?.[1])
    if (version !== migrations.length + 1)
      throw new StoreError(
        'BAD_MIGRATIONS',
        `${name}: expected ${String(migrations.length + 1).padStart(4, '0')}_name.sql at this place`,
      )
    const sql = await readFile(new URL(name, base), 'utf8')
    migrations.push({ version, name, sql, sha256: createHash('sha256').update(sql).digest('hex') })
  }
  return migrations
}
