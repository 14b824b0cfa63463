import { readdirSync } from 'node:fs'
import { LaunchError } from '../launch-error.ts'

export const LOCK_FILE = 'launcher.lock'
export const RECORD_FILE = 'processes.json'
/** Says where PostgreSQL's data is, if not here. */
export const POSTGRES_NOTE = 'postgres-is-at'

/** Everything that a testnet puts into its directory, beside what it is still writing (`.part`). */
const OURS: ReadonlySet<string> = new Set([
  'client',
  'compile-cache',
  'keys',
  'logs',
  'nats',
  'nodes',
  'postgres',
  'postgres.password',
  LOCK_FILE,
  RECORD_FILE,
  POSTGRES_NOTE,
])

/**
 * A directory with anything else in it is not ours: nothing is put there, and above all nothing is removed, be it that somebody
 * set CAMELID_HOME to the home directory. Throws STATE_DIRECTORY.
 */
export function checkContents(home: string): void {
  const foreign = readdirSync(home).filter((name) => !OURS.has(name.replace(/(\.\d+)?\.part$/, '')))
  if (foreign.length === 0) return
  const some = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ', …' : '')
  throw new LaunchError(
    'STATE_DIRECTORY',
    `${home} holds other things than a testnet (${some}): set CAMELID_HOME to a directory of its own, new or empty`,
  )
}
