import { bytesToHex, sha256 } from '@camelid/crypto'
import { z } from 'zod'
import { RasticError } from './errors.ts'

const name = z.string().min(1).max(128)
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')

const profileSchema = z.strictObject({
  version: z.literal(1),
  model: z.strictObject({ name, sha256: sha256Hex }),
  /** Engine build of both sides. */
  engine: name,
  /** Backend classes that were measured against each other. */
  pairs: z
    .array(z.strictObject({ generator: name, verifier: name }))
    .min(1)
    .max(64),
  /** A margin up to this is a near-tie, in logit units. */
  tau: z.number().positive().max(10),
  /** Share of honest positions with a margin above tau: an upper bound, not an average. */
  missRate: z.number().gt(0).lt(0.5),
  /** The honest rate of margins above m falls by a factor e for each so many logit units that m is above tau. */
  tailScale: z.number().positive().max(10),
  /** INVALID where an honest node would show it with a lower probability than this. */
  falseAlarm: z.number().gt(0).max(1e-6),
  /** The share of missed positions of the weakest cheat that a VALID must exclude where not all positions were checked. */
  designDisagreement: z.number().gt(0).lt(1),
  /** How the numbers were measured: for people and for the next measurement. */
  measured: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
})

/** What honest nodes' outputs look like to a verifier, for one model and engine build (rastic: The check, "A noise profile"). */
export type Profile = z.infer<typeof profileSchema>

/** @throws RasticError BAD_PROFILE */
export function parseProfile(json: string): Profile {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw new RasticError('BAD_PROFILE', 'the noise profile is not JSON', { cause })
  }
  const parsed = profileSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new RasticError('BAD_PROFILE', `the noise profile cannot be used: ${z.prettifyError(parsed.error)}`)
}

/** The identity that a job pins: SHA-256 of the file's bytes. */
export function profileHash(bytes: Uint8Array): Uint8Array {
  return sha256(bytes)
}

/** Upper bound of the share of honest positions whose margin is above `margin` ≥ tau. */
export function exceedanceRate(profile: Pick<Profile, 'tau' | 'tailScale' | 'missRate'>, margin: number): number {
  return profile.missRate * Math.exp(-(margin - profile.tau) / profile.tailScale)
}

/** Whether the profile speaks of this model, engine and pair of backends. */
export function profileCovers(
  profile: Profile,
  setting: { modelSha256: Uint8Array | string; engine: string; generator: string; verifier: string },
): boolean {
  const sha = typeof setting.modelSha256 === 'string' ? setting.modelSha256 : bytesToHex(setting.modelSha256)
  return (
    profile.model.sha256 === sha &&
    profile.engine === setting.engine &&
    profile.pairs.some((pair) => pair.generator === setting.generator && pair.verifier === setting.verifier)
  )
}
