import { atLeast, atMost, exactly, type Figure, stated } from '../report.ts'
import { type AttackResult, OURS, SLACK } from './analyse.ts'
import type { Results } from './results.ts'

/** Seen in every job, by one check (rastic: The benchmark). */
const EVERY_JOB = [
  'random tokens',
  'template text',
  'altered prompt',
  'shortened prompt',
  'early stop',
  'padding past the end',
]
/** Seen within 1.2 times the binomial bound of their disagreement. */
const BY_BOUND = ['smaller sibling', "sibling's draft, ends repaired", 'Q4_0 for F16']
const WITHIN_100 = ['wrong seed', 'wrong temperature']

/** The targets of the benchmark's table, each at each temperature. */
export function figuresOf({ honest, attacks }: Results): Figure[] {
  const jobs = honest.reduce((sum, result) => sum + result.jobs, 0)
  const inconclusive = honest.reduce((sum, result) => sum + result.inconclusive, 0)
  return [
    exactly(
      'honest INVALID',
      honest.reduce((sum, { invalid }) => sum + invalid, 0),
      `of ${jobs}`,
      0,
    ),
    atMost('honest INCONCLUSIVE', (100 * inconclusive) / jobs, '%', 1),
    exactly('honest standings lost', honest.filter(({ lostStanding }) => lostStanding).length, 'runs', 0),
    ...attacks.flatMap(figuresOfAttack),
  ]
}

function figuresOfAttack(attack: AttackResult): Figure[] {
  const { name, temperatureMilli, invalid, jobs, bound, detectionAtBound, disagreement } = attack
  const title = `${name}, T ${temperatureMilli / 1000}`
  const needed = attack.tokensNeeded.get(OURS) ?? 0
  if (EVERY_JOB.includes(name)) return [exactly(`${title}: INVALID`, invalid, `of ${jobs}`, jobs)]
  if (WITHIN_100.includes(name)) return [atMost(`${title}: tokens`, needed, 'tokens', 100)]
  if (!BY_BOUND.includes(name)) return [stated(`${title}: tokens by the sequential test`, attack.sequential, 'tokens')]
  // Too like an honest node for any one sample: by the sequential test, tokens stated.
  if (detectionAtBound === undefined) {
    return [stated(`${title}: tokens by the sequential test, d ${percent(disagreement)}`, attack.sequential, 'tokens')]
  }
  const tokens = Math.floor(SLACK * bound)
  return [atLeast(`${title}: seen in ${tokens} tokens, d ${percent(disagreement)}`, 100 * detectionAtBound, '%', 99)]
}

export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`
}
