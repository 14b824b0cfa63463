import { LaunchError } from '../launch-error.ts'
import { computes, type NodePlan, type Plan } from '../plan.ts'
import type { WantedPort } from './check.ts'

type Table = Readonly<Record<string, WantedPort>>

/** The default of every port that a testnet has once, the variable that moves it, and who listens. PORT_OFFSET moves all of them. */
const TESTNET = {
  nats: { port: 7322, variable: 'NATS_PORT', who: 'NATS' },
  postgres: { port: 7332, variable: 'POSTGRES_PORT', who: 'PostgreSQL' },
  minerHttp: { port: 7354, variable: 'MINER_HTTP_PORT', who: 'miner, health' },
  worker1Http: { port: 7355, variable: 'WORKER_1_HTTP_PORT', who: 'inference-worker 1, health' },
  worker2Http: { port: 7356, variable: 'WORKER_2_HTTP_PORT', who: 'inference-worker 2, health' },
  clientHttp: { port: 7360, variable: 'CLIENT_HTTP_PORT', who: 'client, API' },
} as const satisfies Table

/** Those of the first node; every further node has them a hundred higher than the one before, as NODE_2_P2P_PORT and so on. */
const NODE = {
  p2p: { port: 7331, variable: 'P2P_PORT', who: 'gateway, peers' },
  gatewayGrpc: { port: 7341, variable: 'GATEWAY_GRPC_PORT', who: 'gateway, gRPC' },
  chainGrpc: { port: 7342, variable: 'CHAIN_GRPC_PORT', who: 'chain, gRPC' },
  jobPoolGrpc: { port: 7343, variable: 'JOB_POOL_GRPC_PORT', who: 'job-pool, gRPC' },
  gatewayHttp: { port: 7351, variable: 'GATEWAY_HTTP_PORT', who: 'gateway, health' },
  chainHttp: { port: 7352, variable: 'CHAIN_HTTP_PORT', who: 'chain, health' },
  jobPoolHttp: { port: 7353, variable: 'JOB_POOL_HTTP_PORT', who: 'job-pool, health' },
  verifierHttp: { port: 7357, variable: 'VERIFIER_HTTP_PORT', who: 'verifier, health' },
} as const satisfies Table

const NODE_STEP = 100
const MAX_PORT = 65_535

type Numbers<T> = Readonly<Record<keyof T, number>>
export type NodePorts = Numbers<typeof NODE>
export type Ports = Numbers<typeof TESTNET> & {
  /** In the order of the plan. */
  readonly nodes: readonly { readonly plan: NodePlan; readonly own: NodePorts }[]
}

/** The ports of a planned testnet, and which of them somebody will listen on. Throws BAD_PORT naming the variable that is no port. */
export function readPorts(env: NodeJS.ProcessEnv, plan: Plan): { ports: Ports; wanted: readonly WantedPort[] } {
  const tables: Table[] = [TESTNET, ...plan.map(tableOf)]
  const offset = readNumber(env, 'PORT_OFFSET', 0, 0)
  const most = MAX_PORT - Math.max(...tables.flatMap((table) => Object.values(table).map(({ port }) => port)))
  if (offset > most)
    throw new LaunchError('BAD_PORT', `PORT_OFFSET is ${offset}: set it to a whole number from 0 to ${most}`)
  const wanted: WantedPort[] = []
  const read = <T extends Table>(table: T, unused: readonly string[] = []): Numbers<T> => {
    const entries = Object.entries(table).map(([name, { port, variable, who }]) => {
      const one = { port: readNumber(env, variable, port + offset, 1), variable, who }
      if (!unused.includes(name)) wanted.push(one)
      return [name, one.port] as const
    })
    // The keys come from the table itself.
    return Object.fromEntries(entries) as Numbers<T>
  }
  const testnet = read(TESTNET)
  const nodes = plan.map((node) => ({
    plan: node,
    own: read(tableOf(node), computes(node) ? [] : ['verifierHttp']),
  }))
  return { ports: { ...testnet, nodes }, wanted }
}

function tableOf({ number }: NodePlan): Record<keyof typeof NODE, WantedPort> {
  if (number === 1) return NODE
  const moved = Object.entries(NODE).map(([name, { port, variable, who }]) => [
    name,
    {
      port: port + (number - 1) * NODE_STEP,
      variable: `NODE_${number}_${variable}`,
      who: `node ${number}: ${who}`,
    },
  ])
  // The keys come from NODE itself.
  return Object.fromEntries(moved) as Record<keyof typeof NODE, WantedPort>
}

function readNumber(env: NodeJS.ProcessEnv, variable: string, fallback: number, least: number): number {
  const text = env[variable]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= MAX_PORT) return value
  throw new LaunchError('BAD_PORT', `${variable} is ${text}: set it to a whole number from ${least} to ${MAX_PORT}`)
}
