import { randomBytes } from 'node:crypto'
import { networkParams } from '@camelid/consensus'
import { engineEnv } from '@camelid/engine'
import { baseEnv, ConfigError, intField, parseEnv, portField, urlField } from '@camelid/runtime'
import { z } from 'zod'
import { CHEATS } from './cheat/cheat.ts'

const environment = z.object({
  ...baseEnv,
  HTTP_PORT: portField().default(7355).describe('port of /healthz, /readyz and /metrics; 0 takes a free one'),
  NATS_URL: urlField('nats').default('nats://127.0.0.1:7322').describe('the NATS server with the work queues'),
  ...engineEnv,
  SEQUENCES: intField(1, 256).default(4).describe('jobs of one model at a time, in one continuous batch'),
  ENGINE_TOKEN_DELAY_MS: intField(0, 60_000)
    .default(0)
    .describe('milliseconds waited after each token: slows the engine for tests'),
  ACK_WAIT_MS: intField(500, 600_000)
    .default(3_000)
    .describe('milliseconds of silence after which the work of a dead worker goes to another one'),
  WORKER_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of letters, digits, dot, _ and -')
    .default(() => `worker-${randomBytes(4).toString('hex')}`)
    .describe('names this worker in heartbeats and results'),
  CHEAT: z.enum(CHEATS).optional().describe('a way to cheat, for trying the check; on NETWORK=local only'),
})

export type WorkerConfig = ReturnType<typeof readConfig>

/** @throws ConfigError with every mistake and its fix; CHEAT is refused by name off the local network. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const config = parseEnv(environment, env)
  if (config.CHEAT !== undefined && !networkParams(config.NETWORK).cheatsAllowed) {
    throw new ConfigError([
      `CHEAT: ${config.CHEAT} is for trying the check on NETWORK=local only; unset CHEAT on ${config.NETWORK}`,
    ])
  }
  return config
}
