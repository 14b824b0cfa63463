import { decodeAddress } from '@camelid/codec'
import { baseEnv, ConfigError, hostPortField, intField, numberField, parseEnv, portField } from '@camelid/runtime'
import { z } from 'zod'

const environment = z.object({
  ...baseEnv,
  HTTP_PORT: portField().default(7354).describe('port of /healthz, /readyz and /metrics; 0 takes a free one'),
  CHAIN_URL: hostPortField().default('127.0.0.1:7342').describe("host:port of the chain's gRPC"),
  PAYOUT_ADDRESS: z
    .string()
    .transform(toH2)
    .describe('the address that gets the block rewards; its key stays elsewhere'),
  MINER_THREADS: intField(0, 256)
    .default(1)
    .describe('threads that mine, at most one per core is of use; 0 only with STRATUM_PORT'),
  MINER_DUTY: numberField(0.001, 1)
    .optional()
    .describe('share of a core per thread; 0.1 on local, 1 elsewhere if not set'),
  MIN_BLOCK_INTERVAL_MS: intField(0, 600_000)
    .optional()
    .describe('rest of the threads after a new tip, milliseconds; 800 on local, 0 elsewhere if not set'),
  STRATUM_PORT: portField()
    .optional()
    .describe('port for outside miners (Stratum v1), e.g. 3333; not set: none; 0 takes a free one'),
  STRATUM_HOST: z.string().default('127.0.0.1').describe('where STRATUM_PORT listens; 0.0.0.0 for miners elsewhere'),
  STRATUM_DIFFICULTY: numberField(2 ** -16, 2 ** 60)
    .default(2 ** -6)
    .describe('share difficulty that outside miners begin with; 1 is 2^32 hashes a share'),
  STRATUM_CONNECTIONS: intField(1, 100_000).default(1_000).describe('outside miners at a time'),
  STRATUM_CONNECTIONS_PER_ADDRESS: intField(1, 100_000)
    .default(64)
    .describe('outside miners of one IP address or IPv6 network'),
})

/**
 * On `local` the floor of the difficulty is a fraction of a second of one core, and a network that was off for minutes would
 * catch up in bursts of blocks: the heights that commitments are bound to (protocol §6, H) would pass before anybody reads them.
 */
const LOCAL_INTERVAL_MS = 800

export type MinerConfig = ReturnType<typeof readConfig>

/** @throws ConfigError with every mistake and its fix. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const config = parseEnv(environment, env)
  if (config.MINER_THREADS === 0 && config.STRATUM_PORT === undefined) {
    throw new ConfigError(['MINER_THREADS: 0 and no STRATUM_PORT: nothing would mine; set either of them'])
  }
  const isLocal = config.NETWORK === 'local'
  return Object.freeze({
    ...config,
    duty: config.MINER_DUTY ?? (isLocal ? 0.1 : 1),
    minIntervalMs: config.MIN_BLOCK_INTERVAL_MS ?? (isLocal ? LOCAL_INTERVAL_MS : 0),
  })
}

/** The hash160 in an address; what is wrong with a bad one is said as the setting's own mistake. */
function toH2(address: string, context: z.RefinementCtx<string>): Uint8Array {
  try {
    return decodeAddress(address)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
    return z.NEVER
  }
}
