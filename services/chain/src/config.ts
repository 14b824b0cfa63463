import { availableParallelism } from 'node:os'
import { type NetworkParams, networkParams, withContestWindow } from '@camelid/consensus'
import { baseEnv, ConfigError, intField, parseEnv, portField, urlField } from '@camelid/runtime'
import { z } from 'zod'

const environment = z.object({
  ...baseEnv,
  HTTP_PORT: portField().default(7352).describe('port of /healthz, /readyz and /metrics; 0 takes a free one'),
  GRPC_HOST: z.string().default('127.0.0.1').describe('where gRPC listens'),
  GRPC_PORT: portField().default(7342).describe('port of gRPC; 0 takes a free one'),
  DATABASE_URL: urlField('postgres', 'postgresql')
    .meta({ secret: true })
    .default('postgres://postgres@127.0.0.1:7332/camelid')
    .describe('the PostgreSQL database; the service keeps to its schema "chain"'),
  DATABASE_CONNECTIONS: intField(2, 100).default(8).describe('connections to PostgreSQL at most'),
  UTXO_CACHE_MB: intField(4, 1_024)
    .default(32)
    .describe(
      'memory for unspent outputs, MiB; they are flushed to the database when three quarters of it are changes; with more than 32 raise --max-old-space-size by twice as much',
    ),
  SCRIPT_THREADS: intField(0, 64)
    .default(Math.max(1, availableParallelism() - 1))
    .describe('threads that check signatures beside the main one; one less than the processors is best, 0 for none'),
  NATS_URL: urlField('nats', 'tls').default('nats://127.0.0.1:7322').describe('where events go'),
  REINDEX: z
    .enum(['off', 'on', 'full'])
    .default('off')
    .describe('on: make all tables again from the raw blocks at start; full: with every script; unset it afterwards'),
  MINIMUM_CHAIN_WORK: z
    .string()
    .regex(/^0x[0-9a-f]{1,64}$/, 'write it as 0x and hex digits')
    .optional()
    .describe(
      'work that a branch of headers must have before its blocks are fetched, hex; by default what the network had when this release was made',
    ),
  CONTEST_WINDOW_S: intField(1, 86_400).optional().describe('contest window W in seconds; only on NETWORK=local'),
})

export type ChainConfig = ReturnType<typeof readConfig>

/** @throws ConfigError with every mistake and its fix. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const config = parseEnv(environment, env)
  const params = paramsOf(config.NETWORK, config.CONTEST_WINDOW_S)
  const minimumChainWork = BigInt(config.MINIMUM_CHAIN_WORK ?? params.minimumChainWork)
  return Object.freeze({ ...config, params: { ...params, minimumChainWork } })
}

function paramsOf(network: NetworkParams['name'], contestWindow: number | undefined): NetworkParams {
  const params = networkParams(network)
  if (contestWindow === undefined) return params
  if (network !== 'local')
    throw new ConfigError([`CONTEST_WINDOW_S: only NETWORK=local may set its contest window; unset it on ${network}`])
  return withContestWindow(params, contestWindow)
}
