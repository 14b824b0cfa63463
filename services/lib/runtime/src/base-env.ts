import { z } from 'zod'
import { intField, portField } from './fields.ts'

/** What every service reads; spread it into the service's own schema: `z.object({ ...baseEnv, CHAIN_URL: … })`. */
export const baseEnv = {
  NETWORK: z.enum(['main', 'test', 'local']).default('local').describe('main, test or local'),
  NODE_NAME: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and -')
    .default('farm')
    .describe('names the node among those that share a NATS server'),
  HTTP_HOST: z.string().default('127.0.0.1').describe('where /healthz, /readyz and /metrics listen'),
  HTTP_PORT: portField().default(0).describe('port of /healthz, /readyz and /metrics; 0 takes a free one'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('least level logged'),
  LOG_FORMAT: z.enum(['json', 'pretty']).optional().describe('json or pretty; pretty on a terminal if not set'),
  GRACE_MS: intField(100, 600_000).default(10_000).describe('milliseconds that stopping may take'),
  CLOCK_OFFSET_MS: intField(-(10 ** 12), 10 ** 12)
    .default(0)
    .describe('milliseconds added to the clock; only on NETWORK=local, for tests'),
} as const

const baseSchema = z.object(baseEnv)
export type BaseConfig = Readonly<z.output<typeof baseSchema>>
