import { decodeAddress } from '@camelid/codec'
import { baseEnv, hostPortField, intField, numberField, parseEnv, portField } from '@camelid/runtime'
import { z } from 'zod'

const environment = z.object({
  ...baseEnv,
  HTTP_PORT: portField().default(7354).describe('port of /healthz, /readyz and /metrics; 0 takes a free one'),
  CHAIN_URL: hostPortField().default('127.0.0.1:7342').describe("host:port of the chain's gRPC"),
  PAYOUT_ADDRESS: z
    .string()
    .transform(toH2)
    .describe('the address that gets the block rewards; its key stays elsewhere'),
  MINER_THREADS: intField(1, 256).default(1).describe('threads that mine, at most one per core is of use'),
  MINER_DUTY: numberField(0.001, 1)
    .optional()
    .describe('share of a core per thread; 0.1 on local, 1 elsewhere if not set'),
  MIN_BLOCK_INTERVAL_MS: intField(0, 600_000)
    .optional()
    .describe('rest after a new tip, milliseconds; 800 on local, 0 elsewhere if not set'),
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
