import { intField, listField } from '@camelid/runtime'
import { z } from 'zod'

/** What says which models a service holds, and how it runs them: fields of its environment. */
export const engineEnv = {
  MODELS_DIR: z
    .string()
    .min(1)
    .default('models')
    .describe('directory with models.json, the model files and the noise profiles'),
  MODELS: listField(z.string().min(1).max(64), 16)
    .refine((names) => names.length > 0, 'must name at least one model')
    .default(['camelid-tiny-F16'])
    .describe('models to hold, by their names in models.json, separated by commas'),
  THREADS: intField(1, 1024).default(1).describe('CPU threads for a model; one is fastest for tiny models'),
  MODEL_MEMORY_MB: intField(1, 2 ** 24)
    .optional()
    .describe(
      'MiB that models and their contexts may take together; all of the machine or container where it is not set',
    ),
  ENGINE_GPU: z
    .enum(['off', 'auto', 'cuda', 'vulkan', 'metal'])
    .default('off')
    .describe('where models are computed; off for the CPU; anything else needs a noise profile for that backend'),
}

export type EngineEnv = z.infer<z.ZodObject<typeof engineEnv>>
