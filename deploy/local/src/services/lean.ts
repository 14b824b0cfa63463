import type { Role } from './names.ts'

/** A testnet's chain and jobs fit many times over; a service that grows without bound ends, and is seen. */
const HEAP = '--max-old-space-size=256'

const BY_ROLE: Partial<Record<Role, Readonly<Record<string, string>>>> = {
  chain: { DATABASE_CONNECTIONS: '4', UTXO_CACHE_MB: '8', SCRIPT_THREADS: '0' },
  'job-pool': { DATABASE_CONNECTIONS: '4' },
  // V8 would let what is young take 128 MB.
  gateway: { DATABASE_CONNECTIONS: '3', NODE_OPTIONS: `${HEAP} --max-semi-space-size=8` },
}

/** Bounds for one service where several nodes share a machine and a PostgreSQL server of 100 connections. */
export function leanEnv(role: Role): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: HEAP, ...BY_ROLE[role] }
}
