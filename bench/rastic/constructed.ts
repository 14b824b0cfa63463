import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { honestProbability, type Profile, parseProfile } from '@camelid/rastic'
import { attacksOn } from './collect/attacks.ts'
import { ALONE } from './collect/regimes.ts'
import type { Sample } from './collect/sample.ts'
import { SHIPPED, SHORT } from './plan.ts'
import { seeded } from './random.ts'

const models = join(import.meta.dirname, '../../models')
/** Of the model that is sold, as it ships. */
export const profile: Profile = parseProfile(readFileSync(join(models, `profiles/${SHIPPED}.cpu-x64.json`), 'utf8'))

/** A short run's, with fewer draws; the analysis adds the numbers of tokens that targets ask for. */
export const plan = { ...SHORT, checkpoints: [3, 50, 300], draws: 40, replicates: 1, nodes: 2 }

/** What a verifier makes of the margin that is there; a shipped one takes it as it is. */
export type Sight = (margin: number) => number

const TOKENS = 120
/** Shares of tokens that differ, about what the attacks on the shipped model come to. */
const DISAGREEMENT: Readonly<Record<string, number>> = {
  'random tokens': 0.99,
  'template text': 0.99,
  'smaller sibling': 0.24,
  "sibling's draft, ends repaired": 0.21,
  'Q4_0 for F16': 0.03,
  'Q8_0 for F16': 0.004,
}
const OTHERWISE = 0.08
const QUESTIONED = 24

/** Samples as a run takes them: outputs drawn by seed, judged as a check judges them, at each temperature of the plan. */
export function constructedSamples(sight: Sight): Sample[] {
  return plan.temperatures.flatMap((temperatureMilli) => [
    ...samplesOf({ name: ALONE, temperatureMilli, differs: undefined }, { sight, count: plan.honestJobs, share: 0 }),
    ...attacksOn(SHIPPED).flatMap(({ name }) => {
      if (name === 'wrong seed' && temperatureMilli === 0) return []
      const share = DISAGREEMENT[name] ?? OTHERWISE
      return samplesOf({ name, temperatureMilli, differs: true }, { sight, count: QUESTIONED, share })
    }),
  ])
}

function samplesOf(
  { name, temperatureMilli, differs }: { name: string; temperatureMilli: number; differs: boolean | undefined },
  { sight, count, share }: { sight: Sight; count: number; share: number },
): Sample[] {
  const next = seeded(temperatureMilli)
  return Array.from({ length: count }, (_, order) => {
    const drawn = Array.from({ length: TOKENS }, () => (next() < share ? 0.2 + 4 * next() : 0))
    const margins = drawn.map(sight)
    return {
      name,
      temperatureMilli,
      order,
      filter: 'none',
      verdict: honestProbability(margins, profile) < profile.falseAlarm ? 'INVALID' : 'VALID',
      margins,
      mismatches: margins.filter((margin) => margin > 0).length,
      differsFromHonest: differs,
      distances: undefined,
      verifyUs: 1,
      generateUs: 1,
    }
  })
}
