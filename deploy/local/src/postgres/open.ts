import { join } from 'node:path'
import { type Keepers, keepServer } from '../process/keep.ts'
import type { State } from '../state/home.ts'
import { ensurePasswordFile } from '../state/keys.ts'
import { findPostgres } from './binaries.ts'
import { createDatabase } from './create-database.ts'
import { initPostgres } from './init.ts'
import type { ServerUser } from './server-user.ts'
import { startPostgres } from './start.ts'
import { postgresUrl } from './url.ts'

interface OpenOptions {
  state: State
  port: number
  /** Made where they are missing. */
  databases: readonly string[]
  user: ServerUser | undefined
  keepers: Keepers
}

/** PostgreSQL with the testnet's databases; stopped with the keepers' stack. Returns their URLs. */
export async function openPostgres({ state, port, databases, user, keepers }: OpenOptions): Promise<string[]> {
  const binaries = await findPostgres(user, join(state.postgres, 'programs'))
  const { password } = ensurePasswordFile(join(state.home, 'postgres.password'))
  const dataDir = join(state.postgres, 'data')
  if (state.postgresElsewhere)
    keepers.say(`PostgreSQL's data is in ${state.postgres}: its account cannot reach ${state.home}`)
  await initPostgres({ binaries, dataDir, user, password })
  const settings = { binaries, dataDir, user, port, logFile: join(state.logs, 'postgres.log'), durable: true }
  await keepServer({
    name: 'PostgreSQL',
    kind: 'postgres',
    start: (onSpawn) => startPostgres({ ...settings, onSpawn }),
    keepers,
  })
  const urlOf = (database: string): string => postgresUrl({ port, password, database })
  for (const database of databases) await createDatabase(urlOf('postgres'), database)
  return databases.map(urlOf)
}
