import {
  cheatModel,
  FINE_QUANTISATION,
  NEW_STANDING,
  type Profile,
  STANDING_RATES,
  updateStanding,
  weighMargins,
} from '@camelid/rastic'
import { QUANTISED_CACHE } from '../collect/regimes.ts'
import type { Sample } from '../collect/sample.ts'

/** What honest jobs of one regime and temperature came to. */
export interface HonestResult {
  readonly name: string
  readonly temperatureMilli: number
  readonly jobs: number
  readonly tokens: number
  readonly mismatches: number
  /** Logit units. */
  readonly largestMargin: number
  readonly invalid: number
  readonly inconclusive: number
  /** Whether the sequential test over these jobs lowered the standing of their node. */
  readonly lostStanding: boolean
}

export function analyseHonest(samples: readonly Sample[], profile: Profile): HonestResult {
  const model = cheatModel(profile, FINE_QUANTISATION)
  let standing = NEW_STANDING
  for (const { margins } of samples) standing = updateStanding(standing, weighMargins(model, margins), STANDING_RATES)
  const sum = (of: (sample: Sample) => number): number => samples.reduce((total, sample) => total + of(sample), 0)
  return {
    name: samples[0]?.name ?? '',
    temperatureMilli: samples[0]?.temperatureMilli ?? 0,
    jobs: samples.length,
    tokens: sum(({ margins }) => margins.length),
    mismatches: sum(({ mismatches }) => mismatches),
    largestMargin: Math.max(0, ...samples.map(({ margins }) => Math.max(0, ...margins))),
    invalid: sum(({ verdict }) => (verdict === 'INVALID' ? 1 : 0)),
    inconclusive: sum(({ verdict }) => (verdict === 'INCONCLUSIVE' ? 1 : 0)),
    lostStanding: standing.verdict === 'CHEATING',
  }
}

/** Honest jobs of one filter and temperature, of all regimes that are noise of the profile's kind; named by the filter. */
export function honestByFilter(honest: readonly Sample[], profile: Profile): readonly HonestResult[] {
  const covered = honest.filter(({ name }) => name !== QUANTISED_CACHE)
  const groups = Map.groupBy(covered, ({ temperatureMilli, filter }) => `${temperatureMilli} ${filter}`)
  return [...groups.values()].map((some) => ({ ...analyseHonest(some, profile), name: some[0]?.filter ?? '' }))
}
