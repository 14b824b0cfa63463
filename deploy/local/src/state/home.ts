import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CHECKOUT } from '../checkout.ts'
import { canReach, type ServerUser } from '../postgres/server-user.ts'

/** Where a testnet keeps everything: CAMELID_HOME, or .camelid in the checkout. */
export interface State {
  home: string
  keys: string
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
  return resolve(env.CAMELID_HOME || join(CHECKOUT, '.camelid'))
}

/** Creates what is missing; the directories are this account's own. */
export function openState(home: string, user: ServerUser | undefined): State {
  mkdirSync(home, { recursive: true, mode: user ? 0o711 : 0o700 })
  const state = {
    home,
    keys: join(home, 'keys'),
    client: join(home, 'client'),
    nats: join(home, 'nats'),
    logs: join(home, 'logs'),
    compileCache: join(home, 'compile-cache'),
  }
  for (const path of Object.values(state)) mkdirSync(path, { recursive: true, mode: 0o700 })
  const postgres = choosePostgres(home, user)
  mkdirSync(postgres, { recursive: true, mode: 0o711 })
  return { ...state, postgres, postgresElsewhere: !postgres.startsWith(home) }
}

/** Removes everything a testnet left, PostgreSQL's data included. The caller makes sure that nothing runs. */
export function removeState(home: string): void {
  const note = join(home, POSTGRES_NOTE)
  if (existsSync(note)) rmSync(readFileSync(note, 'utf8').trim(), { recursive: true, force: true })
  rmSync(home, { recursive: true, force: true })
}

const POSTGRES_NOTE = 'postgres-is-at'

/** Decided once: a state whose database moved would be an empty one. */
function choosePostgres(home: string, user: ServerUser | undefined): string {
  const note = join(home, POSTGRES_NOTE)
  if (existsSync(note)) return readFileSync(note, 'utf8').trim()
  const inside = join(home, 'postgres')
  if (canReach(user, home)) return inside
  const elsewhere = `/var/tmp/camelid-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`
  writeFileSync(note, `${elsewhere}\n`, { mode: 0o600 })
  return elsewhere
}
