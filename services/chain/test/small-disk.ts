import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestPostgres, type TestPostgres } from '@camelid/local/testing'
import { inDatabase } from './admin.ts'

/** Of util-linux: runs a program with a view of the file systems of its own. */
const PROGRAM = 'unshare'
const UNSHARE = ['--user', '--mount', '--map-current-user', '--keep-caps', '--']

/** Whether a process may have a file system of its own here; containers often forbid it. */
export function canHaveSmallDisk(): boolean {
  try {
    execFileSync(PROGRAM, [...UNSHARE, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export interface SmallDisk extends AsyncDisposable {
  /** A database whose tables lie on a disk of 24 MB. */
  readonly url: string
  /** Takes all the room that is left on it. */
  fill: () => Promise<void>
  /** Gives that room back. */
  empty: () => Promise<void>
}

/** A PostgreSQL in a mount namespace of its own: the small disk is gone with it, however it ends. */
export async function startSmallDisk(): Promise<SmallDisk> {
  const directory = mkdtempSync(join(tmpdir(), 'camelid-small-disk-'))
  chmodSync(directory, 0o755)
  const disk = join(directory, 'disk')
  mkdirSync(disk)
  const postgres = await startTestPostgres({
    program: (server) => {
      const script = join(directory, 'postgres')
      const mount = `mount -t tmpfs -o size=24m,mode=700 tmpfs ${disk}`
      writeFileSync(
        script,
        `#!/bin/sh\nexec ${PROGRAM} ${UNSHARE.join(' ')} sh -c '${mount} && exec "$0" "$@"' ${server} "$@"\n`,
      )
      chmodSync(script, 0o755)
      return script
    },
  })
  const url = await databaseOn(postgres, disk)
  return {
    url,
    fill: () => fill(url),
    empty: async () => {
      await inDatabase(url, 'DROP TABLE public.filler')
    },
    [Symbol.asyncDispose]: async () => {
      await postgres.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function databaseOn(postgres: TestPostgres, disk: string): Promise<string> {
  const { url } = await postgres.createDatabase()
  const admin = new URL(url)
  admin.pathname = '/postgres'
  await inDatabase(admin.href, `CREATE TABLESPACE small LOCATION '${disk}'`)
  await inDatabase(admin.href, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET TABLESPACE small`)
  return url
}

async function fill(url: string): Promise<void> {
  await inDatabase(url, 'CREATE TABLE public.filler (bytes bytea)')
  await inDatabase(url, 'ALTER TABLE public.filler ALTER COLUMN bytes SET STORAGE PLAIN')
  for (;;) {
    try {
      await inDatabase(
        url,
        `INSERT INTO public.filler SELECT decode(repeat('ab', 7000), 'hex') FROM generate_series(1, 40)`,
      )
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === '53100') break
      throw error
    }
  }
  for (;;) {
    try {
      await inDatabase(url, `INSERT INTO public.filler SELECT decode(repeat('ab', 7000), 'hex')`)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === '53100') return
      throw error
    }
  }
}
