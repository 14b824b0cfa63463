import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeDirectory } from '@camelid/runtime'
import { ClientError } from '../errors.ts'
import { migrations } from './migrations.ts'

/** The client's one SQLite file, and transactions on it. */
export interface Store extends Disposable {
  readonly db: DatabaseSync
  /** Runs `work` in one transaction: all of it is on disk when this returns, or none of it. */
  transaction<T>(work: () => T): T
}

/**
 * Opens (or creates, mode 0600 in a directory of mode 0700) `client.sqlite` under `dataDir` and migrates it forward.
 * The file is held exclusively, so that two clients never spend from one wallet; the lock dies with the process.
 * Errors: DATA_DIR_IN_USE, BAD_DATA_DIR, NEWER_SCHEMA.
 */
export function openStore({ dataDir }: { dataDir: string }): Store {
  makePrivateDirectory(dataDir)
  const path = join(dataDir, 'client.sqlite')
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const db = new DatabaseSync(path, { timeout: 2_000 })
  try {
    // synchronous=FULL: a payment that was sent must be in the file even after a power cut.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    migrate(db)
  } catch (error) {
    db.close()
    throw explain(error, dataDir)
  }
  let depth = 0
  return {
    db,
    transaction(work) {
      if (depth > 0) return work()
      db.exec('BEGIN IMMEDIATE')
      depth++
      try {
        const result = work()
        db.exec('COMMIT')
        return result
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK')
        throw error
      } finally {
        depth--
      }
    },
    [Symbol.dispose]() {
      if (db.isOpen) db.close()
    },
  }
}

/** Creates the directory with mode 0700, and closes one of ours that others could read. */
export function makePrivateDirectory(dir: string): void {
  try {
    makeDirectory(dir, 0o700)
    if (!statSync(dir).isDirectory()) throw new Error('it is not a directory')
    if ((statSync(dir).mode & 0o077) !== 0) chmodSync(dir, 0o700)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ClientError(
      'BAD_DATA_DIR',
      `DATA_DIR ${dir} cannot be used: ${why}. Give a directory you may write to.`,
      {
        cause,
      },
    )
  }
}

function migrate(db: DatabaseSync): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0)
  if (version > migrations.length) {
    throw new ClientError(
      'NEWER_SCHEMA',
      `client.sqlite has schema ${version}, this program knows ${migrations.length}: run the newer program that wrote it.`,
      { data: { version, known: migrations.length } },
    )
  }
  // Takes the exclusive lock even where nothing is to migrate.
  db.exec('BEGIN EXCLUSIVE')
  for (const [index, sql] of migrations.entries()) {
    if (index >= version) db.exec(sql)
  }
  db.exec(`PRAGMA user_version = ${migrations.length}`)
  db.exec('COMMIT')
}

function explain(error: unknown, dataDir: string): unknown {
  const text = error instanceof Error ? error.message : String(error)
  if (text.includes('locked')) {
    return new ClientError(
      'DATA_DIR_IN_USE',
      `another client uses ${dataDir}: stop it, or give this one its own DATA_DIR.`,
      { cause: error },
    )
  }
  if (text.includes('not a database') || text.includes('malformed')) {
    return new ClientError(
      'BAD_DATA_DIR',
      `${dataDir}/client.sqlite is damaged (${text}). Keep a copy, move it away, and start again: the wallet comes back from its keystore or words.`,
      { cause: error },
    )
  }
  return error
}
