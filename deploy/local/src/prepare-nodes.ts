import { join } from 'node:path'
import { openNats } from './nats/open.ts'
import type { Plan } from './plan.ts'
import type { Ports } from './ports/table.ts'
import { openPostgres } from './postgres/open.ts'
import type { ServerUser } from './postgres/server-user.ts'
import type { Keepers } from './process/keep.ts'
import type { PreparedNode } from './services/table.ts'
import type { State } from './state/home.ts'
import { ensureNodeKeys } from './state/keys.ts'

interface PrepareOptions {
  plan: Plan
  /** Path of nats-server. */
  binary: string
  ports: Ports
  state: State
  user: ServerUser | undefined
  keepers: Keepers
}

/** Starts the servers that the nodes share, and makes what each of them lacks of its database and keys. */
export async function prepareNodes(options: PrepareOptions): Promise<readonly PreparedNode[]> {
  const { plan, binary, ports, state, user, keepers } = options
  const [urls, keys] = await allOrFirstError([
    openPostgres({ state, port: ports.postgres, databases: plan.map(({ database }) => database), user, keepers }),
    allOrFirstError(
      plan.map(({ number, name }) => ensureNodeKeys(number === 1 ? state.keys : join(state.nodes, name), 'local')),
    ),
    openNats({ binary, state, port: ports.nats, keepers }),
  ])
  return ports.nodes.map(({ plan: node, own }, i) => {
    const [databaseUrl, nodeKeys] = [urls[i], keys[i]]
    if (databaseUrl === undefined || nodeKeys === undefined)
      throw new RangeError(`node ${node.number} was not prepared`)
    return { plan: node, own, keys: nodeKeys, databaseUrl }
  })
}

/** Like Promise.all, but waits for all of them even when one fails: what is still starting must be there to be stopped. */
async function allOrFirstError<T extends readonly Promise<unknown>[]>(work: readonly [...T]) {
  await Promise.allSettled(work)
  return await Promise.all(work)
}
