import { chmodSync, existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CHECKOUT } from '../checkout.ts'
import { canReach, type ServerUser } from '../postgres/server-user.ts'
import { checkContents, POSTGRES_NOTE } from './contents.ts'
import { makeOwnDirectory } from './own-directory.ts'
import { placeElsewhere, readNote } from './postgres-note.ts'
import { writeWhole } from './write-whole.ts'

/** Where a testnet keeps everything: CAMELID_HOME, or .camelid in the checkout. */
export interface State {
  home: string
  /** Keys of the first node. */
  keys: string
  /** Those of further nodes, a directory each. */
  nodes: string
  client: string
  nats: string
  logs: string
  /** Node's cache of compiled code: halves the start of ten processes. */
  compileCache: string
  /** Holds PostgreSQL's data; outside of home where PostgreSQL's account cannot reach that. */
  postgres: string
  /** True when `postgres` had to lie elsewhere. */
  postgresElsewhere: boolean
}

export function stateHome(env: NodeJS.ProcessEnv): string {
  const home = resolve(env.CAMELID_HOME || join(CHECKOUT, '.camelid'))
  // A person may well have put a link there.
  return existsSync(home) ? realpathSync(home) : home
}

/** Creates what is missing; the directories are this account's own. Throws STATE_DIRECTORY. */
export function openState(home: string, user: ServerUser | undefined): State {
  makeOwnDirectory(home, 0o700)
  checkContents(home)
  // PostgreSQL's account has to pass through, and sees nothing on its way.
  if (user) chmodSync(home, 0o711)
  const state = {
    home,
    keys: join(home, 'keys'),
    nodes: join(home, 'nodes'),
    client: join(home, 'client'),
    nats: join(home, 'nats'),
    logs: join(home, 'logs'),
    compileCache: join(home, 'compile-cache'),
  }
  for (const path of Object.values(state)) makeOwnDirectory(path, 0o700)
  const postgres = choosePostgres(home, user)
  makeOwnDirectory(postgres, 0o711)
  return { ...state, postgres, postgresElsewhere: !postgres.startsWith(home) }
}

/** Decided once: a state whose database moved would be an empty one. */
function choosePostgres(home: string, user: ServerUser | undefined): string {
  const note = join(home, POSTGRES_NOTE)
  if (existsSync(note)) return readNote(note)
  const inside = join(home, 'postgres')
  if (canReach(user, home)) return inside
  const elsewhere = placeElsewhere(home)
  writeWhole(note, `${elsewhere}\n`)
  return elsewhere
}
