import { atLeast, atMost, exactly, type Figure, stated } from '../report.ts'
import { AREA_TOKENS, type AttackResult, enoughFor, NOISE_TOKENS, POWER } from './analyse/analyse.ts'
import { EVIDENCE } from './analyse/methods.ts'
import { attacksOn } from './collect/attacks.ts'
import { QUANTISED_CACHE } from './collect/regimes.ts'
import { BY_SEQUENCE, FOUND_BY_SEQUENCE, fewestThatDiffer, floorOf, NEED_TRAINING, type Plan, SHIPPED } from './plan.ts'
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
/** What the sequential test needs few outputs for. */
const FINE_BUT_FOUND = 'Q4_0'
const WITHIN_100 = ['wrong seed', 'wrong temperature']
/** Greedy, there is no noise to be wrong. */
const NEED_NOISE = ['wrong seed']
/** Where so much differs, 300 tokens shall do. */
const MUCH = 0.08
/** A curve beside a figure is told around its tokens, from this many times fewer to this many times more. */
const AROUND = 2

export interface Run {
  /** Name of the model. */
  readonly sold: string
  readonly plan: Plan
  readonly leftOut: readonly string[]
  readonly fewestHonest: number
  /** What needs many outputs, or a model that takes a training to make, is not asked of it. */
  readonly isShort: boolean
}

/** The targets of the benchmark's table, each at each temperature; an attack that was not measured misses its own. */
export function figuresOf({ honest, attacks }: Results, run: Run): Figure[] {
  const { sold, plan, leftOut, fewestHonest, isShort } = run
  const sum = (of: (result: Results['honest'][number]) => number): number =>
    honest.reduce((total, result) => total + of(result), 0)
  const jobs = sum((result) => result.jobs)
  const lost = honest.filter(({ name, lostStanding }) => lostStanding && name !== QUANTISED_CACHE)
  const wanted = plan.temperatures.flatMap((milli) => attacksOn(sold).map((attack) => ({ ...attack, milli })))
  const falseAlarms = attacks.reduce((total, attack) => total + attack.falseAlarms, 0)
  return [
    atLeast('honest jobs', jobs, 'jobs', fewestHonest),
    exactly(
      'honest INVALID',
      sum(({ invalid }) => invalid),
      `of ${jobs}`,
      0,
    ),
    exactly("F's own output from a cheat, INVALID", falseAlarms, 'jobs', 0),
    atMost('honest INCONCLUSIVE', (100 * sum(({ inconclusive }) => inconclusive)) / jobs, '%', 1),
    exactly('honest standings lost, KV cache in F16', lost.length, 'runs', 0),
    ...attacks.filter(({ name }) => name === QUANTISED_CACHE).map(sequential),
    ...wanted.flatMap(({ milli, ...asked }) => {
      const { name } = asked
      const reason = leftOut.find((one) => one.startsWith(`${name} (`))?.slice(name.length) ?? ''
      const isOptional = isShort && NEED_TRAINING.includes(name) && reason !== ''
      if (isOptional || (milli === 0 && NEED_NOISE.includes(name))) return []
      const attack = attacks.find((one) => one.name === name && one.temperatureMilli === milli)
      const [measured, same] = [attack?.jobs ?? 0, attack?.sameAsHonest ?? 0]
      const least = fewestThatDiffer(plan, asked)
      const title = `${name}, T ${milli / 1000}: outputs unlike F's own${reason}`
      const differ = atLeast(title, measured - same, `of ${measured}`, least)
      return [differ, ...(attack === undefined ? [] : figuresOfAttack(attack, run))]
    }),
  ]
}

function figuresOfAttack(attack: AttackResult, { sold, isShort }: Run): Figure[] {
  const { name, disagreement } = attack
  if (EVERY_JOB.includes(name)) return inEveryJob(attack)
  if (name.startsWith(BY_SEQUENCE)) return [sequential(attack), ...(isShort ? [] : [foundBySequence(attack)])]
  const enough = enoughFor(attack.bound)
  const floor = sold === SHIPPED ? floorOf(name, attack.temperatureMilli) : undefined
  const least = floor === undefined ? [] : [seen(attack, floor, 'whatever d is')]
  const area = atLeast(of(attack, `area at ${AREA_TOKENS} tokens`), attack.areas.get(EVIDENCE) ?? 0, '', 0.999)
  const byArea = disagreement >= MUCH ? [area] : []
  // Where no sample is long enough: by the sequential test, tokens stated.
  const byBound = Number.isFinite(enough) ? seen(attack, enough) : sequential(attack)
  if (!WITHIN_100.includes(name)) {
    const found = name.startsWith(FINE_BUT_FOUND) ? [foundBySequence(attack)] : []
    return [...least, byBound, ...byArea, ...found]
  }
  const inHundred = seen(attack, NOISE_TOKENS)
  if (inHundred.ok) return [...least, inHundred, ...byArea]
  const isOutOfReach = attack.bound > NOISE_TOKENS
  const missed = isOutOfReach ? { ...inHundred, reason: reasonOf(attack) } : inHundred
  return [...least, missed, stated(byBound.name, byBound.value, byBound.unit), ...byArea]
}

function inEveryJob(attack: AttackResult): Figure[] {
  const { name, jobs, invalid, invalidByThree } = attack
  const differ = jobs - (attack.sameAsHonest ?? 0)
  const every = exactly(`${titleOf(attack)}: INVALID`, invalid, `of ${differ}`, differ)
  const three = exactly(`${titleOf(attack)}: INVALID by 3 positions`, invalidByThree, `of ${jobs}`, jobs)
  return AT_3.includes(name) ? [every, three] : [every]
}

function seen(attack: AttackResult, tokens: number, given = `d ${percent(attack.disagreement)}`): Figure {
  const share = attack.seenIn.get(tokens) ?? 0
  return atLeast(`${titleOf(attack)}: seen in ${tokens} tokens, ${given}`, 100 * share, '%', 100 * POWER)
}

function sequential(attack: AttackResult): Figure {
  return stated(of(attack, 'tokens by the sequential test'), attack.sequential.median, 'tokens, the middle node')
}

function foundBySequence(attack: AttackResult): Figure {
  const name = of(attack, 'nodes found by the sequential test')
  return atLeast(name, 100 * attack.sequential.found, '%', 100 * FOUND_BY_SEQUENCE)
}

/** The bound that the target leaves out of account, and the curve. */
function reasonOf({ disagreement, bound, seenIn }: AttackResult): string {
  const needed = Number.isFinite(bound) ? `${bound} tokens` : 'more tokens than any sample has'
  const near = [...seenIn].filter(([count]) => count >= NOISE_TOKENS / AROUND && count <= NOISE_TOKENS * AROUND)
  const curve = near.map(([count, share]) => `${percent(share)} in ${count}`).join(', ')
  return `out of reach, the binomial test for d ${percent(disagreement)} takes ${needed}; seen: ${curve}`
}

function of(attack: AttackResult, what: string): string {
  return `${titleOf(attack)}: ${what}, d ${percent(attack.disagreement)}`
}

function titleOf({ name, temperatureMilli }: AttackResult): string {
  return `${name}, T ${temperatureMilli / 1000}`
}

export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`
}
