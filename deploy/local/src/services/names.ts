import type { WorkerName } from '../plan.ts'

/** What a full node may run, each once. */
export type NodeRole = 'gateway' | 'chain' | 'job-pool' | 'verifier'
/** What runs once in a testnet. */
export type SoleRole = 'miner' | WorkerName | 'client'
export type Role = NodeRole | SoleRole

/** The first node's services go by their role, those of further nodes by role and number: chain, chain-2. */
export type ServiceName = Role | `${NodeRole}-${number}`

/** More or other variables, e.g. CHEAT for a worker: under a role for that service of every node, under a name for that one. */
export type Overrides = Partial<Record<ServiceName, Readonly<Record<string, string>>>>

export function nameOf(role: NodeRole, node: number): ServiceName {
  return node === 1 ? role : `${role}-${node}`
}
