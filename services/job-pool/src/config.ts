import {
  type BaseConfig,
  baseEnv,
  ConfigError,
  flagField,
  hostPortField,
  intField,
  parseEnv,
  portField,
  secretField,
  urlField,
} from '@camelid/runtime'
import { z } from 'zod'

/** Decimal coins, e.g. "2" or "0.5", as base units. */
const coinsField = () =>
  z
    .string()
    .regex(/^\d{1,9}(\.\d{1,8})?$/, 'must be an amount of coins, for instance 2 or 0.5')
    .transform((text) => {
      const [whole = '0', part = ''] = text.split('.')
      return BigInt(whole) * 100_000_000n + BigInt(part.padEnd(8, '0'))
    })

const schema = z.object({
  ...baseEnv,
  GRPC_HOST: z.string().default('127.0.0.1').describe('where gRPC listens'),
  GRPC_PORT: portField().default(7343).describe('port of gRPC; 0 takes a free one'),
  DATABASE_URL: urlField('postgres', 'postgresql').meta({ secret: true }).describe('PostgreSQL, schema job_pool'),
  DATABASE_CONNECTIONS: intField(2, 100).default(8).describe('connections to PostgreSQL at most'),
  NATS_URL: urlField('nats', 'tls').default('nats://127.0.0.1:7322').describe('NATS with JetStream'),
  CHAIN_URL: hostPortField().default('127.0.0.1:7342').describe('gRPC of the chain service'),
  GATEWAY_URL: hostPortField().default('127.0.0.1:7341').describe('gRPC of the gateway'),
  NODE_KEYSTORE: z
    .string()
    .min(1)
    .describe('keystore file with the secrets "node" and "reward"; camelid node init makes it'),
  NODE_PASSWORD: secretField().describe('password of the keystore; from a file only, NODE_PASSWORD_FILE'),
  MODELS_DIR: z
    .string()
    .default('models')
    .describe('folder of models.json: models and noise profiles this node judges by'),
  BOND_SLOTS: intField(1, 1000).default(4).describe('bond slots to keep: jobs that can be in the works at once'),
  BOND_VALUE: coinsField()
    .default(200_000_000n)
    .describe('coins in each bond slot; half of it is the largest reward served'),
  LEASE_MS: intField(100, 3_600_000)
    .optional()
    .describe('silence after which a turn passes on; default a quarter of W'),
  SELF_CHECK: flagField().default(true).describe('on: commit only what a verifier of this node found VALID'),
  MIN_REWARD: coinsField().default(100_000n).describe('least reward served, in coins'),
  MAX_JOBS: intField(1, 1_000_000).default(10_000).describe('live jobs held at most, those of others included'),
  RETAIN_BLOCKS: intField(0, 10_000_000).default(10_000).describe('blocks after its end for which a job is kept'),
  CONTEST_WINDOW_S: intField(1, 3_600).optional().describe('W in seconds; only on NETWORK=local, for tests'),
})

export type Config = Readonly<z.output<typeof schema>> & BaseConfig

/** @throws ConfigError with every mistake at once */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const config = parseEnv(schema, env)
  const problems: string[] = []
  if (config.NETWORK !== 'local' && config.CONTEST_WINDOW_S !== undefined) {
    problems.push(`CONTEST_WINDOW_S: only NETWORK=local may change W; unset it on ${config.NETWORK}`)
  }
  if (env.NODE_PASSWORD !== undefined && env.NODE_PASSWORD !== '') {
    problems.push(
      'NODE_PASSWORD: a password does not belong into the environment; put it into a file and set NODE_PASSWORD_FILE',
    )
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}
