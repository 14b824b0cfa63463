import { LaunchError } from './launch-error.ts'

export type WorkerName = 'worker-1' | 'worker-2'

/** What a full node of the testnet does beside following the chain, judging jobs and passing both on. */
export interface NodePlan {
  /** From 1; the first is the seed of the others. */
  readonly number: number
  /** NODE_NAME: keeps the nodes apart on the NATS server that they share. */
  readonly name: string
  readonly database: string
  readonly mines: boolean
  /** A node with workers also has a verifier. */
  readonly workers: readonly WorkerName[]
}

/** At least one node. */
export type Plan = readonly [NodePlan, ...NodePlan[]]

/** Twenty services beside PostgreSQL and NATS: what a machine of two cores still carries. */
const MAX_NODES = 5

/**
 * NODES full nodes, one if it is not set. One node does everything. Of several, the first mines, the first two share the workers
 * (of two only the first computes), and the others just follow and pass on: it is them that the client knows.
 *
 * @throws LaunchError BAD_NODES
 */
export function readPlan(env: NodeJS.ProcessEnv): Plan {
  const text = env.NODES || '1'
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > MAX_NODES)
    throw new LaunchError('BAD_NODES', `NODES is ${text}: set it to a whole number from 1 to ${MAX_NODES}`)
  const shared = count > 2
  const others = Array.from({ length: count - 1 }, (_, i) => i + 2)
  return [
    {
      number: 1,
      name: 'farm',
      database: 'camelid',
      mines: true,
      workers: shared ? ['worker-1'] : ['worker-1', 'worker-2'],
    },
    ...others.map((number) => ({
      number,
      name: `node-${number}`,
      database: `camelid_${number}`,
      mines: false,
      workers: shared && number === 2 ? (['worker-2'] as const) : [],
    })),
  ]
}

export function computes({ workers }: NodePlan): boolean {
  return workers.length > 0
}
