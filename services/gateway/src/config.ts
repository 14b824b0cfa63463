import {
  type BaseConfig,
  baseEnv,
  ConfigError,
  hostPortField,
  intField,
  listField,
  parseEnv,
  portField,
  secretField,
  urlField,
} from '@camelid/runtime'
import { z } from 'zod'

const schema = z.object({
  ...baseEnv,
  P2P_HOST: z.string().min(1).default('127.0.0.1').describe('where peers reach this node; 0.0.0.0 for all interfaces'),
  P2P_PORT: portField().default(7331).describe('port of the peer protocol; 0 takes a free one'),
  GRPC_HOST: z.string().min(1).default('127.0.0.1').describe('where gRPC listens'),
  GRPC_PORT: portField().default(7341).describe('port of gRPC; 0 takes a free one'),
  CHAIN_URL: hostPortField().default('127.0.0.1:7342').describe('gRPC of the chain service'),
  JOB_POOL_URL: hostPortField().default('127.0.0.1:7343').describe('gRPC of the job-pool'),
  NATS_URL: urlField('nats', 'tls').default('nats://127.0.0.1:7322').describe('NATS with JetStream'),
  DATABASE_URL: urlField('postgres', 'postgresql').meta({ secret: true }).describe('PostgreSQL, schema gateway'),
  DATABASE_CONNECTIONS: intField(2, 100).default(8).describe('connections to PostgreSQL at most'),
  NODE_KEYSTORE: z.string().min(1).describe('keystore file with the secret "node"; camelid node init makes it'),
  NODE_PASSWORD: secretField().describe('password of the keystore; from a file only, NODE_PASSWORD_FILE'),
  SEEDS: listField(hostPortField(), 64)
    .default([])
    .describe('host:port of peers to keep a connection to, comma-separated'),
  MAX_INBOUND: intField(1, 10_000).default(128).describe('connections that peers may open'),
  MAX_INBOUND_PER_HOST: intField(1, 10_000)
    .optional()
    .describe(
      'of them from one address, or one /64 of IPv6; by default an eighth, and on local, where all share one, all',
    ),
  OUTBOUND_PEERS: intField(0, 64).default(8).describe('connections to open to peers of the address book, beside SEEDS'),
  OUTBOUND_PER_GROUP: intField(0, 64)
    .optional()
    .describe(
      'of them in one /16, or one /32 of IPv6; 0 for any number; by default 2, and on local, on one machine, 0',
    ),
})

export type Config = Readonly<z.output<typeof schema>> & BaseConfig

/** @throws ConfigError with every mistake at once */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const config = parseEnv(schema, env)
  if (env.NODE_PASSWORD !== undefined && env.NODE_PASSWORD !== '')
    throw new ConfigError(['NODE_PASSWORD: a password does not belong into the environment; set NODE_PASSWORD_FILE'])
  return config
}
