import { z } from 'zod'

/** TCP port 1..65535; 0 lets the system choose one. */
export const portField = () =>
  z.coerce.number('must be a port number').int('must be a port number').min(0).max(65_535, 'ports end at 65535')

/** Whole number within [min, max], both inclusive. */
export const intField = (min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)

/** Decimal number within [min, max], both inclusive. */
export const numberField = (min: number, max: number) =>
  z.coerce.number('must be a number').min(min, `must be at least ${min}`).max(max, `must be at most ${max}`)

/** `on` or `off`, also true/false, yes/no and 1/0. */
export const flagField = () => z.stringbool({ truthy: ['on', 'true', 'yes', '1'], falsy: ['off', 'false', 'no', '0'] })

/** `host:port`, with IPv6 hosts in brackets. */
export const hostPortField = () =>
  z
    .string()
    .regex(/^(\[[0-9a-fA-F:.]+\]|[^:\s[\]]+):([1-9]\d{0,4})$/, 'must look like host:port, for instance 127.0.0.1:7341')

/** Comma-separated list without empty entries; `item` checks each. */
export const listField = <T extends z.ZodType<unknown, string>>(item: T, maxItems = 1000) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item).max(maxItems))

/** A URL whose scheme is one of `protocols` (without the colon), e.g. postgres, nats. */
export const urlField = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)), {
    message: `must be a URL starting with ${protocols.map((name) => `${name}://`).join(' or ')}`,
  })

/** A value that must not be shown; `NAME_FILE` may name a file that holds it. */
export const secretField = () => z.string().min(1, 'must not be empty').meta({ secret: true })
