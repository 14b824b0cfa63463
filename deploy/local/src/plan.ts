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

export const ONE_NODE: Plan = [
  { number: 1, name: 'farm', database: 'camelid', mines: true, workers: ['worker-1', 'worker-2'] },
]

export function computes({ workers }: NodePlan): boolean {
  return workers.length > 0
}
