import type { Role } from './names.ts'

/** A testnet's chain and jobs fit many times over; a service that grows without bound ends, and is seen. */
const HEAP = '--max-old-space-size=256'

/** Options of Node in every testnet. As in compose.yaml: V8 would let what is young take 128 MB. */
const NODE: Partial<Record<Role, string>> = { gateway: '--max-semi-space-size=16' }

const LEAN: Partial<Record<Role, Readonly<Record<string, string>>>> = {
  chain: { DATABASE_CONNECTIONS: '4', UTXO_CACHE_MB: '8', SCRIPT_THREADS: '0' },
  'job-pool': { DATABASE_CONNECTIONS: '4' },
  gateway: { DATABASE_CONNECTIONS: '3' },
}

/** Bounds for one service; narrower ones (`lean`) where several nodes share a machine and a PostgreSQL server of 100 connections. */
export function boundsOf(role: Role, lean: boolean): Readonly<Record<string, string>> {
  const options = [NODE[role] ?? [], lean ? HEAP : []].flat()
  return {
    ...(options.length > 0 && { NODE_OPTIONS: options.join(' ') }),
    ...(lean && LEAN[role]),
  }
}
