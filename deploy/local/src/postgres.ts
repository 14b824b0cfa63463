import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { LaunchError } from './launch-error.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { identify, isRunning, type ProcessId } from './process-id.ts'
import { runCommand } from './run-command.ts'
import type { ServerUser } from './server-user.ts'

const POSTGRES_ACCOUNT = 'camelid'
const START_TIMEOUT_MS = 60_000

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
    await runCommand(binaries.initdb, [...args, '--encoding', 'UTF8', '--locale', 'C', '--no-sync'], {
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

interface StartOptions {
  binaries: PostgresBinaries
  dataDir: string
  user: ServerUser | undefined
  port: number
  logFile: string
  /** False for tests: survives a killed server, not a power cut. */
  durable: boolean
}

/** Starts the server on 127.0.0.1 and resolves when it accepts connections. */
export async function startPostgres({
  binaries,
  dataDir,
  user,
  port,
  logFile,
  durable,
}: StartOptions): Promise<ProcessId> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '64MB',
    fsync: durable ? 'on' : 'off',
    // Small and quiet: a testnet's database is idle most of the time.
    max_wal_size: '256MB',
    logging_collector: 'off',
  }
  const args = ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(binaries.postgres, args, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' },
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  })
  closeSync(log)
  child.on('error', () => undefined)
  child.unref()
  const process_ = child.pid === undefined ? undefined : identify(child.pid)
  if (process_ && (await accepts(process_, dataDir))) return process_
  throw new LaunchError('POSTGRES_FAILED', `PostgreSQL did not start: ${lastLine(logFile)} (log: ${logFile})`)
}

/** The server writes its state as the eighth line of this file. */
async function accepts(process_: ProcessId, dataDir: string): Promise<boolean> {
  for (const end = performance.now() + START_TIMEOUT_MS; performance.now() < end; await wait(15)) {
    if (!isRunning(process_)) return false
    const lines = readIfThere(join(dataDir, 'postmaster.pid')).split('\n')
    if (lines[0] === String(process_.pid) && lines[7]?.trim() === 'ready') return true
  }
  return false
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const lastLine = (path: string): string => readIfThere(path).trim().split('\n').at(-1) || 'it wrote no log'

/** `postgres://…` of a database on this server. */
export function postgresUrl({
  port,
  password,
  database,
}: {
  port: number
  password: string
  database: string
}): string {
  return `postgres://${POSTGRES_ACCOUNT}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}
