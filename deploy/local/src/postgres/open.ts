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

const DATABASE = 'camelid'

interface OpenOptions {
  state: State
  port: number
  user: ServerUser | undefined
  keepers: Keepers
}

/** PostgreSQL with the testnet's database; stopped with the keepers' stack. Returns its URL. */
export async function openPostgres({ state, port, user, keepers }: OpenOptions): Promise<string> {
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
  await createDatabase(postgresUrl({ port, password, database: 'postgres' }), DATABASE)
  return postgresUrl({ port, password, database: DATABASE })
}
