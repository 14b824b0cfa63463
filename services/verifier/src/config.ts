import { randomBytes } from 'node:crypto'
import { baseEnv, intField, listField, parseEnv, portField, urlField } from '@camelid/runtime'
import { z } from 'zod'

const environment = z.object({
  ...baseEnv,
  HTTP_PORT: portField().default(7357).describe('port of /healthz, /readyz and /metrics; 0 takes a free one'),
  NATS_URL: urlField('nats').default('nats://127.0.0.1:7322').describe('the NATS server with the queues of checks'),
  MODELS_DIR: z
    .string()
    .min(1)
    .default('models')
    .describe('directory with models.json, the model files and the noise profiles'),
  MODELS: listField(z.string().min(1).max(64), 16)
    .refine((names) => names.length > 0, 'must name at least one model')
    .default(['camelid-tiny-F16'])
    .describe('models to check, by their names in models.json, separated by commas'),
  SEQUENCES: intField(1, 256).default(2).describe('checks of one model at a time'),
  THREADS: intField(1, 1024).default(1).describe('CPU threads for a model'),
  MODEL_MEMORY_MB: intField(1, 2 ** 24)
    .optional()
    .describe(
      'MiB that models and their contexts may take together; all of the machine or container where it is not set',
    ),
  ENGINE_GPU: z
    .enum(['off', 'auto', 'cuda', 'vulkan', 'metal'])
    .default('off')
    .describe('where models are computed; off for the CPU; anything else needs a noise profile for that backend'),
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
