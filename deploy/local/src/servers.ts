import { join } from 'node:path'
import { createDatabase } from './create-database.ts'
import { requireNats } from './find-nats.ts'
import type { Guard } from './guard.ts'
import type { ProcessRecord } from './leftovers.ts'
import { startNats } from './nats.ts'
import { ensurePasswordFile } from './node-keys.ts'
import type { Ports } from './port-table.ts'
import { initPostgres, postgresUrl, startPostgres } from './postgres.ts'
import { findPostgres } from './postgres-binaries.ts'
import type { ServerUser } from './server-user.ts'
import type { State } from './state.ts'
import { stopProcess } from './stop-process.ts'

const STOP_MS = 10_000
const DATABASE = 'camelid'

interface ServerOptions {
  state: State
  ports: Ports
  user: ServerUser | undefined
  guard: Guard
  record: ProcessRecord
  stack: AsyncDisposableStack
  say: (line: string) => void
}

/** PostgreSQL with the testnet's database; registered to be stopped with `stack`. Returns its URL. */
export async function openPostgres({ state, ports, user, guard, record, stack, say }: ServerOptions): Promise<string> {
  const binaries = await findPostgres(user, join(state.postgres, 'programs'))
  const { password } = ensurePasswordFile(join(state.home, 'postgres.password'))
  const dataDir = join(state.postgres, 'data')
  if (state.postgresElsewhere) say(`PostgreSQL's data is in ${state.postgres}: its account cannot reach ${state.home}`)
  await initPostgres({ binaries, dataDir, user, password })
  const port = ports.postgres
  const server = await startPostgres({
    binaries,
    dataDir,
    user,
    port,
    logFile: join(state.logs, 'postgres.log'),
    durable: true,
  })
  guard.register(server, 'postgres')
  record.add(server, 'postgres')
  stack.defer(async () => {
    await stopProcess(server, 'postgres', STOP_MS)
    guard.release(server.pid)
    record.remove(server.pid)
  })
  await createDatabase(postgresUrl({ port, password, database: 'postgres' }), DATABASE)
  return postgresUrl({ port, password, database: DATABASE })
}

/** NATS with JetStream; registered to be stopped with `stack`. */
export async function openNats({ state, ports, guard, record, stack, say }: ServerOptions): Promise<void> {
  const binary = await requireNats(say)
  const server = await startNats({
    binary,
    port: ports.nats,
    storeDir: state.nats,
    logFile: join(state.logs, 'nats.log'),
  })
  guard.register(server, 'nats')
  record.add(server, 'nats')
  stack.defer(async () => {
    await stopProcess(server, 'nats', STOP_MS)
    guard.release(server.pid)
    record.remove(server.pid)
  })
}
