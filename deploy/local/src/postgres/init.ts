import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LaunchError } from '../launch-error.ts'
import { runProgram } from '../process/run-program.ts'
import type { PostgresBinaries } from './binaries.ts'
import type { ServerUser } from './server-user.ts'
import { POSTGRES_ACCOUNT } from './url.ts'

interface InitOptions {
  binaries: PostgresBinaries
  dataDir: string
  user: ServerUser | undefined
  password: string
}

/** Creates the cluster, once; a directory that already holds one is left alone. */
export async function initPostgres({ binaries, dataDir, user, password }: InitOptions): Promise<void> {
  if (existsSync(join(dataDir, 'PG_VERSION'))) return
  // What an initdb that was killed left behind is no cluster, and initdb refuses to go on in it.
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir, { recursive: true, mode: 0o755 })
  if (user) chownSync(dataDir, user.uid, user.gid)
  const passwordFile = join(dataDir, '..', `password.${process.pid}`)
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user) chownSync(passwordFile, user.uid, user.gid)
  chmodSync(dataDir, 0o700)
  const args = [
    '--pgdata',
    dataDir,
    '--username',
    POSTGRES_ACCOUNT,
    '--pwfile',
    passwordFile,
    '--auth',
    'scram-sha-256',
  ]
  try {
    await runProgram(binaries.initdb, [...args, '--encoding', 'UTF8', '--locale', 'C', '--no-sync'], {
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
      cwd: '/',
    })
  } catch (cause) {
    rmSync(dataDir, { recursive: true, force: true })
    const reason = cause instanceof Error ? cause.message : 'initdb failed'
    throw new LaunchError('POSTGRES_FAILED', `PostgreSQL could not be set up in ${dataDir}: ${reason}`, { cause })
  } finally {
    rmSync(passwordFile, { force: true })
  }
}
