import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
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

/**
 * Creates the cluster, once; a directory that is there holds one already. It is complete or not there at all: initdb works in a
 * directory beside it, so one that was killed half way leaves nothing that looks like a cluster.
 */
export async function initPostgres({ binaries, dataDir, user, password }: InitOptions): Promise<void> {
  if (existsSync(dataDir)) return
  mkdirSync(dirname(dataDir), { recursive: true, mode: 0o755 })
  const prefix = `${dataDir}.part-`
  removeUnfinished(prefix)
  const partial = mkdtempSync(prefix)
  const passwordFile = `${partial}/password`
  const cluster = `${partial}/data`
  mkdirSync(cluster, { mode: 0o700 })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user) for (const path of [partial, cluster, passwordFile]) chownSync(path, user.uid, user.gid)
  try {
    await runProgram(binaries.initdb, [...initArguments(cluster, passwordFile), '--no-sync'], {
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
      cwd: '/',
    })
    renameSync(cluster, dataDir)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'initdb failed'
    throw new LaunchError('POSTGRES_FAILED', `PostgreSQL could not be set up in ${dataDir}: ${reason}`, { cause })
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

function initArguments(cluster: string, passwordFile: string): string[] {
  const options = {
    pgdata: cluster,
    username: POSTGRES_ACCOUNT,
    pwfile: passwordFile,
    auth: 'scram-sha-256',
    encoding: 'UTF8',
    locale: 'C',
  }
  return Object.entries(options).map(([name, value]) => `--${name}=${value}`)
}

/** What an initdb that was killed left behind. */
function removeUnfinished(prefix: string): void {
  for (const name of readdirSync(dirname(prefix)))
    if (name.startsWith(basename(prefix))) rmSync(join(dirname(prefix), name), { recursive: true, force: true })
}
