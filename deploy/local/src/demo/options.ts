import { CodedError } from '@camelid/errors'
import { z } from 'zod'

/** What a demonstration buys, from the environment of `make demo`; an empty variable counts as not set. */
export type DemoOptions = {
  readonly prompt: string
  readonly maxTokens: number
  readonly temperature: number
  readonly topK: number | undefined
  readonly topP: number | undefined
  readonly seed: string
  readonly model: string
}

const DEFAULT_PROMPT = 'Once upon a time'

const whole = (name: string, minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d+$/, `${name} must be a whole number from ${minimum} to ${maximum}`)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, `${name} must be from ${minimum} to ${maximum}`)

const fraction = (name: string, maximum: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, `${name} must be a number from 0 to ${maximum}`)
    .transform(Number)
    .refine((value) => value <= maximum, `${name} must be from 0 to ${maximum}`)

const schema = z.object({
  PROMPT: z.string().default(DEFAULT_PROMPT),
  MAX_TOKENS: whole('MAX_TOKENS', 1, 65_536).default(64),
  TEMPERATURE: fraction('TEMPERATURE', 5).default(0.8),
  TOP_K: whole('TOP_K', 0, 1_000_000).optional(),
  TOP_P: fraction('TOP_P', 1).optional(),
  SEED: z
    .string()
    .regex(/^\d{1,20}$/, 'SEED must be a whole number from 0 to 2^64 − 1')
    .refine((value) => BigInt(value) < 1n << 64n, 'SEED must be a whole number from 0 to 2^64 − 1')
    .default('1'),
  MODEL: z.string().max(64, 'MODEL is a name of at most 64 characters').default('camelid-tiny-F16'),
})

/**
 * @throws CodedError BAD_DEMO_OPTION naming every mistake at once, EMPTY_PROMPT
 */
export function readDemoOptions(env: NodeJS.ProcessEnv): DemoOptions {
  // Any other empty variable counts as not set.
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => value !== '' || name === 'PROMPT'))
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    throw new CodedError('BAD_DEMO_OPTION', parsed.error.issues.map((issue) => issue.message).join('; '))
  }
  if (parsed.data.PROMPT === '')
    throw new CodedError(
      'EMPTY_PROMPT',
      `PROMPT is empty: write what the model shall continue, e.g. "${DEFAULT_PROMPT}"`,
    )
  const { PROMPT, MAX_TOKENS, TEMPERATURE, TOP_K, TOP_P, SEED, MODEL } = parsed.data
  return {
    prompt: PROMPT,
    maxTokens: MAX_TOKENS,
    temperature: TEMPERATURE,
    topK: TOP_K,
    topP: TOP_P,
    seed: SEED,
    model: MODEL,
  }
}
