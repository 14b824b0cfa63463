import { randomBytes } from 'node:crypto'
import { engineEnv } from '@camelid/engine'
import { baseEnv, intField, parseEnv, portField, urlField } from '@camelid/runtime'
import { z } from 'zod'

const environment = z.object({
  ...baseEnv,
  HTTP_PORT: portField().default(7357).describe('port of /healthz, /readyz and /metrics; 0 takes a free one'),
  NATS_URL: urlField('nats').default('nats://127.0.0.1:7322').describe('the NATS server with the queues of checks'),
  ...engineEnv,
  SEQUENCES: intField(1, 256).default(2).describe('checks of one model at a time'),
  ACK_WAIT_MS: intField(500, 600_000)
    .default(3_000)
    .describe('milliseconds of silence after which the check of a dead verifier goes to another one'),
  VERIFIER_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of letters, digits, dot, _ and -')
    .default(() => `verifier-${randomBytes(4).toString('hex')}`)
    .describe('names this verifier in heartbeats and results'),
})

export type VerifierConfig = ReturnType<typeof readConfig>

/** @throws ConfigError with every mistake and its fix */
export function readConfig(env: NodeJS.ProcessEnv) {
  return parseEnv(environment, env)
}
