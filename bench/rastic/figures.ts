import { positionsToDetect } from '@camelid/rastic'
import { atLeast, atMost, exactly, type Figure, stated } from '../report.ts'
import { AREA_TOKENS, type AttackResult, NOISE_TOKENS, POWER, SLACK } from './analyse.ts'
import { EVIDENCE } from './methods.ts'
import { QUANTISED_CACHE } from './regimes.ts'
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
const AT_3 = ['random tokens', 'template text']
/** Seen within 1.2 times the binomial bound of their disagreement. */
const BY_BOUND = ['smaller sibling', "sibling's draft, ends repaired", 'Q4_0 for F16']
const WITHIN_100 = ['wrong seed', 'wrong temperature']
/** Where so much differs, 300 tokens shall do. */
const MUCH = 0.08

/** The targets of the benchmark's table, each at each temperature. */
export function figuresOf({ honest, attacks }: Results, fewestHonest: number): Figure[] {
  const sum = (of: (result: Results['honest'][number]) => number): number =>
    honest.reduce((total, result) => total + of(result), 0)
  const jobs = sum((result) => result.jobs)
  const lost = honest.filter(({ name, lostStanding }) => lostStanding && name !== QUANTISED_CACHE)
  return [
    atLeast('honest jobs', jobs, 'jobs', fewestHonest),
    exactly(
      'honest INVALID',
      sum(({ invalid }) => invalid),
      `of ${jobs}`,
      0,
    ),
    atMost('honest INCONCLUSIVE', (100 * sum(({ inconclusive }) => inconclusive)) / jobs, '%', 1),
    exactly('honest standings lost, KV cache in F16', lost.length, 'runs', 0),
    ...attacks.flatMap(figuresOfAttack),
  ]
}

function figuresOfAttack(attack: AttackResult): Figure[] {
  const { name, invalid, jobs, sameAsHonest, seenAt, disagreement } = attack
  const title = `${name}, T ${attack.temperatureMilli / 1000}`
  const d = `d ${percent(disagreement)}`
  const share = (value: number): number => 100 * value
  const seen = (tokens: number, value: number): Figure =>
    atLeast(`${title}: seen in ${tokens} tokens, ${d}`, share(value), '%', share(POWER))
  const sequential = stated(
    `${title}: tokens by the sequential test, ${d}`,
    attack.sequential.median,
    'tokens, the middle node',
  )
  if (EVERY_JOB.includes(name)) {
    const every = exactly(`${title}: INVALID`, invalid, `of ${jobs - sameAsHonest}`, jobs - sameAsHonest)
    const three = exactly(`${title}: INVALID by 3 positions`, attack.invalidByThree, `of ${jobs}`, jobs)
    return AT_3.includes(name) ? [every, three] : [every]
  }
  const area = atLeast(`${title}: area at ${AREA_TOKENS} tokens, ${d}`, attack.areas.get(EVIDENCE) ?? 0, '', 0.999)
  const byArea = disagreement >= MUCH ? [area] : []
  // Where less differs, not even a count without any noise is enough.
  const isPossible = SLACK * positionsToDetect(disagreement, POWER) <= NOISE_TOKENS
  if (WITHIN_100.includes(name) && isPossible) return [seen(NOISE_TOKENS, seenAt.hundred), ...byArea]
  if (!BY_BOUND.includes(name) && !WITHIN_100.includes(name)) return [sequential]
  // Too like an honest node for any one sample: by the sequential test, tokens stated.
  if (seenAt.bound === undefined) return [sequential]
  return [seen(Math.floor(SLACK * attack.bound), seenAt.bound), ...byArea]
}

export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`
}
