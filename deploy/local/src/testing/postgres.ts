import {
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../ports/check.ts'
import { findPostgres, type PostgresBinaries } from '../postgres/binaries.ts'
import { createDatabase } from '../postgres/create-database.ts'
import { initPostgres } from '../postgres/init.ts'
import { type ServerUser, serverUser } from '../postgres/server-user.ts'
import { startPostgres } from '../postgres/start.ts'
import { postgresUrl } from '../postgres/url.ts'
import { type ProcessId, signalProcess, waitForEnd } from '../process/process-id.ts'
import { stopProcess } from '../process/stop.ts'
import { scratchDirectory, testGuard } from './scratch.ts'

const PASSWORD = 'test'

export interface TestDatabase {
  url: string
}

export interface TestPostgres {
  readonly port: number
  /** An empty database of its own, on this server. */
  createDatabase: () => Promise<TestDatabase>
  /** Undefined while it is stopped. */
  process: () => ProcessId | undefined
  /** SIGKILL, as after a crash; `start` brings it back with its data. */
  kill: () => Promise<void>
  start: () => Promise<void>
  stop: () => Promise<void>
}

let shared: Promise<TestPostgres> | undefined

/** The server that all tests of this process share; started by the first that asks. For kills take `startTestPostgres`. */
export function testPostgres(): Promise<TestPostgres> {
  shared ??= startTestPostgres()
  return shared
}

/** An empty database of the shared server. */
export async function freshDatabase(): Promise<TestDatabase> {
  return await (await testPostgres()).createDatabase()
}

interface TestPostgresOptions {
  /** With fsync, as in operation. */
  durable?: boolean
  /** Another program to start in place of the server's, which it has to become. */
  program?: (postgres: string) => string
}

/** A server of one's own. It ends with the test process. */
export async function startTestPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const { durable = false, program = (postgres) => postgres } = options
  const user = serverUser()
  const directory = scratchDirectory()
  const binaries = await findPostgres(user, join(tmpdir(), `camelid-postgres-${process.getuid?.() ?? 0}`))
  const dataDir = join(directory, 'postgres')
  copyOwned(await template(binaries, user), dataDir, user)
  const port = await freePort()
  let running: ProcessId | undefined
  let databases = 0
  const start = async () => {
    await startPostgres({
      binaries: { ...binaries, postgres: program(binaries.postgres) },
      dataDir,
      user,
      port,
      logFile: join(directory, 'postgres.log'),
      durable,
      onSpawn: (server) => {
        running = server.process
        testGuard().register(running, 'postgres')
      },
    })
  }
  const ended = async (end: (process: ProcessId) => Promise<void>) => {
    if (!running) return
    await end(running)
    testGuard().release(running.pid)
    running = undefined
  }
  await start()
  return {
    port,
    createDatabase: async () => {
      const database = `test_${++databases}`
      await createDatabase(postgresUrl({ port, password: PASSWORD, database: 'postgres' }), database)
      return { url: postgresUrl({ port, password: PASSWORD, database }) }
    },
    process: () => running,
    kill: () =>
      ended(async (process) => {
        signalProcess(process, 'SIGKILL')
        await waitForEnd(process, 5_000)
      }),
    start,
    stop: () => ended((process) => stopProcess(process, 'postgres', 5_000)),
  }
}

/** initdb takes two seconds, a copy of its result a tenth: made once a machine and release, and complete or not there at all. */
async function template(binaries: PostgresBinaries, user: ServerUser | undefined): Promise<string> {
  const release = Math.floor(statSync(binaries.postgres).mtimeMs).toString(36)
  const path = join(
    tmpdir(),
    `camelid-postgres-${process.getuid?.() ?? 0}`,
    `template-${user?.name ?? 'self'}-${release}`,
  )
  if (existsSync(path)) return path
  const partial = `${path}.${process.pid}`
  await initPostgres({ binaries, dataDir: join(partial, 'data'), user, password: PASSWORD })
  try {
    renameSync(partial, path)
  } catch {
    // Another test process was faster.
    rmSync(partial, { recursive: true, force: true })
  }
  return path
}

function copyOwned(templateDir: string, dataDir: string, user: ServerUser | undefined): void {
  mkdirSync(dataDir, { mode: 0o700 })
  cpSync(join(templateDir, 'data'), dataDir, { recursive: true })
  if (!user) return
  for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(dataDir, name), user.uid, user.gid)
  chownSync(dataDir, user.uid, user.gid)
}
