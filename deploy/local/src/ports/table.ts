import { LaunchError } from '../launch-error.ts'
import type { WantedPort } from './check.ts'

/** Every port of a local testnet: its default, the variable that moves it, and who listens. PORT_OFFSET moves all of them. */
const TABLE = {
  nats: { port: 7322, variable: 'NATS_PORT', who: 'NATS' },
  p2p: { port: 7331, variable: 'P2P_PORT', who: 'gateway, peers' },
  postgres: { port: 7332, variable: 'POSTGRES_PORT', who: 'PostgreSQL' },
  gatewayGrpc: { port: 7341, variable: 'GATEWAY_GRPC_PORT', who: 'gateway, gRPC' },
  chainGrpc: { port: 7342, variable: 'CHAIN_GRPC_PORT', who: 'chain, gRPC' },
  jobPoolGrpc: { port: 7343, variable: 'JOB_POOL_GRPC_PORT', who: 'job-pool, gRPC' },
  gatewayHttp: { port: 7351, variable: 'GATEWAY_HTTP_PORT', who: 'gateway, health' },
  chainHttp: { port: 7352, variable: 'CHAIN_HTTP_PORT', who: 'chain, health' },
  jobPoolHttp: { port: 7353, variable: 'JOB_POOL_HTTP_PORT', who: 'job-pool, health' },
  minerHttp: { port: 7354, variable: 'MINER_HTTP_PORT', who: 'miner, health' },
  worker1Http: { port: 7355, variable: 'WORKER_1_HTTP_PORT', who: 'inference-worker 1, health' },
  worker2Http: { port: 7356, variable: 'WORKER_2_HTTP_PORT', who: 'inference-worker 2, health' },
  verifierHttp: { port: 7357, variable: 'VERIFIER_HTTP_PORT', who: 'verifier, health' },
  clientHttp: { port: 7360, variable: 'CLIENT_HTTP_PORT', who: 'client, API' },
} as const satisfies Record<string, WantedPort>

const MAX_PORT = 65_535

type PortName = keyof typeof TABLE
export type Ports = Readonly<Record<PortName, number>>

/** Throws BAD_PORT naming the variable that is no port. */
export function readPorts(env: NodeJS.ProcessEnv): { ports: Ports; wanted: readonly WantedPort[] } {
  const offset = readNumber(env, 'PORT_OFFSET', 0, 0)
  const most = MAX_PORT - Math.max(...Object.values(TABLE).map(({ port }) => port))
  if (offset > most)
    throw new LaunchError('BAD_PORT', `PORT_OFFSET is ${offset}: set it to a whole number from 0 to ${most}`)
  const entries = Object.entries(TABLE).map(
    ([name, { port, variable, who }]) =>
      [name, { port: readNumber(env, variable, port + offset, 1), variable, who }] as const,
  )
  const ports = Object.fromEntries(entries.map(([name, { port }]) => [name, port]))
  // The keys come from TABLE itself.
  return { ports: ports as Record<PortName, number>, wanted: entries.map(([, one]) => one) }
}

function readNumber(env: NodeJS.ProcessEnv, variable: string, fallback: number, least: number): number {
  const text = env[variable]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= MAX_PORT) return value
  throw new LaunchError('BAD_PORT', `${variable} is ${text}: set it to a whole number from ${least} to ${MAX_PORT}`)
}
