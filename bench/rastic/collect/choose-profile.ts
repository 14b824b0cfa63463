import type { RegisteredModel } from '@camelid/engine'
import { cheatModel, type Engine, FINE_QUANTISATION, type Profile, profileCovers, RasticError } from '@camelid/rastic'
import { BenchError } from '../errors.ts'

/**
 * The profile that a job for this model would name, of those that speak of this engine and backend.
 *
 * @throws BenchError NO_PROFILE, PROFILE_TOO_WIDE
 */
export function chooseProfile(
  { name, sha256, profiles }: Pick<RegisteredModel, 'name' | 'sha256' | 'profiles'>,
  { engine, backend }: Pick<Engine, 'engine' | 'backend'>,
): Profile {
  const setting = { modelSha256: sha256, engine, generator: backend, verifier: backend }
  const found = profiles.find(({ profile }) => profileCovers(profile, setting))
  if (found === undefined) {
    const detail = `${name} has no noise profile for ${engine}, ${backend}, in models.json: measure one with npm run camelid -- model profile ${name} --models DIR`
    throw new BenchError('NO_PROFILE', detail)
  }
  requireTelling(found.profile)
  return found.profile
}

/**
 * Of a profile by which nothing finds a fine cheat there is nothing to measure.
 *
 * @throws BenchError PROFILE_TOO_WIDE
 */
export function requireTelling(profile: Profile): void {
  try {
    cheatModel(profile, FINE_QUANTISATION)
  } catch (cause) {
    if (!(cause instanceof RasticError)) throw cause
    const { disagreement, marginScale } = FINE_QUANTISATION
    const scale = Math.min(profile.tailScale, marginScale)
    const rate = Number(((disagreement / marginScale) * scale).toPrecision(3))
    const { name } = profile.model
    const detail = `the noise profile of ${name} has a miss rate of ${profile.missRate} and a tail of ${profile.tailScale}: ${cause.message}. Measure it again (npm run camelid -- model profile ${name} --replace): over more positions (--repeat 4) for a miss rate below ${rate}, with a tail (--tail-scale) of at most ${marginScale}`
    throw new BenchError('PROFILE_TOO_WIDE', detail, { cause })
  }
}
