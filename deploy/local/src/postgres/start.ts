import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { LaunchError } from '../launch-error.ts'
import { isRunning, type ProcessId } from '../process/process-id.ts'
import { followServer, type ServerProcess } from '../process/server-process.ts'
import type { PostgresBinaries } from './binaries.ts'
import type { ServerUser } from './server-user.ts'

const START_TIMEOUT_MS = 60_000

interface StartOptions {
  binaries: PostgresBinaries
  dataDir: string
  user: ServerUser | undefined
  port: number
  logFile: string
  /** False for tests: survives a killed server, not a power cut. */
  durable: boolean
  /** Told as soon as the process runs, before it is ready: from then on somebody has to stop it. */
  onSpawn: (server: ServerProcess) => void
}

/** Starts the server on 127.0.0.1 and resolves when it accepts connections. */
export async function startPostgres({
  binaries,
  dataDir,
  user,
  port,
  logFile,
  durable,
  onSpawn,
}: StartOptions): Promise<ServerProcess> {
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
  const server = followServer(child)
  if (server) {
    onSpawn(server)
    if (await accepts(server.process, dataDir)) return server
  }
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
