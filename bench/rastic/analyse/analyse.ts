import { areaUnder, honestProbability, type Profile, positionsNeeded, type RocPoint, rocCurve } from '@camelid/rastic'
import type { Sample } from '../collect/sample.ts'
import { floorOf, type Plan } from '../plan.ts'
import { seeded } from '../random.ts'
import { detectionCurve, drawScores, type Scores } from './curves.ts'
import { EVIDENCE, methodsOf, PROOF, REPORTS, WHITEPAPER } from './methods.ts'
import { anyToken, anyTokenOfOthers, type Pool, poolOf, threeOfOutputs } from './pool.ts'
import { findBySequence, type SequentialResult } from './sequential.ts'

/** At a false-alarm rate of at most this (rastic: The benchmark). */
const FALSE_ALARM = 0.01
export const POWER = 0.99
/** Tokens of one sample at most; a cheat that needs more is for the sequential test. */
const LONGEST = 5000
/** So much longer than the bound a sample may be (rastic: The benchmark). */
export const SLACK = 1.2
/** Tokens at which areas are stated, as Token-DiFR states them. */
export const AREA_TOKENS = 300
const AREA_DRAWS = 100
/** Tokens that wrong noise shall be seen in. */
export const NOISE_TOKENS = 100

/** What one attack came to at one temperature. */
export interface AttackResult {
  readonly name: string
  readonly temperatureMilli: number
  readonly jobs: number
  /** Of them, outputs that F itself writes for the job, by token ids: there is nothing to see. Undefined where F's own are not at hand. */
  readonly sameAsHonest: number | undefined
  readonly tokens: number
  /** d: share of checked tokens that were not the model's choice. */
  readonly disagreement: number
  /** Of outputs that differ from F's own. */
  readonly invalid: number
  readonly inconclusive: number
  /** INVALID although it is what F itself writes. */
  readonly falseAlarms: number
  /** INVALID where the first position, the last and one between are checked, and no others. */
  readonly invalidByThree: number
  /** Detection at each checkpoint, by method; empty where every fault was seen without the model. */
  readonly detection: ReadonlyMap<string, readonly number[]>
  /** The first checkpoint from which on a method sees 99 %; Infinity where there is none. */
  readonly tokensNeeded: ReadonlyMap<string, number>
  /** Of the binomial test for d (rastic: What it is worth); Infinity beyond 5,000. */
  readonly bound: number
  /** By our better method, in so many tokens: at the checkpoints, in 100, in 1.2 times the bound and at the floor. */
  readonly seenIn: ReadonlyMap<number, number>
  /** Of our evidence over 300 tokens. */
  readonly roc: readonly RocPoint[]
  /** Under the curve over 300 tokens, by method. */
  readonly areas: ReadonlyMap<string, number>
  /** Of our evidence, the middle 95 % over jobs drawn anew. */
  readonly interval: readonly [low: number, high: number]
  readonly sequential: SequentialResult
}

export interface Setting {
  readonly plan: Plan
  readonly profile: Profile
  readonly seed: number
}

/** @param honest outputs at the same temperature */
export function analyseAttack(samples: readonly Sample[], honest: readonly Sample[], setting: Setting): AttackResult {
  const { plan, profile } = setting
  const next = seeded(setting.seed)
  const pool = poolOf(samples)
  const tokens = pool.margins.length
  const [{ name, temperatureMilli } = { name: '', temperatureMilli: 0 }] = samples
  const same = samples.filter(({ differsFromHonest }) => differsFromHonest === false)
  const mismatches = samples.reduce((sum, sample) => sum + sample.mismatches, 0)
  const disagreement = tokens === 0 ? 1 : mismatches / tokens
  const bound = boundFor(disagreement)
  const extra = [NOISE_TOKENS, enoughFor(bound), floorOf(name, temperatureMilli) ?? NOISE_TOKENS]
  const counts = [...new Set([...plan.checkpoints, ...extra.filter(Number.isFinite)])].sort((a, b) => a - b)
  const scores = tokens === 0 ? new Map<string, Pair>() : scoresOf(samples, honest, { ...setting, counts, next })
  const curves = new Map([...scores].map(([name, { of, by }]) => [name, detectionCurve(by, of, FALSE_ALARM)]))
  const at = (name: string, count: number): number => curves.get(name)?.[counts.indexOf(count)] ?? 0
  const ours = (count: number): number => Math.max(at(EVIDENCE, count), at(PROOF, count) || 0)
  const rocs = new Map([...scores].map(([name, pair]) => [name, rocAt(pair, counts.indexOf(AREA_TOKENS))]))
  const detection = new Map([...curves.keys()].map((name) => [name, plan.checkpoints.map((count) => at(name, count))]))
  return {
    name,
    temperatureMilli,
    jobs: samples.length,
    sameAsHonest: samples.some((one) => one.differsFromHonest !== undefined) ? same.length : undefined,
    tokens,
    disagreement,
    invalid: samples.filter((one) => one.verdict === 'INVALID' && !same.includes(one)).length,
    inconclusive: samples.filter(({ verdict }) => verdict === 'INCONCLUSIVE').length,
    falseAlarms: same.filter(({ verdict }) => verdict === 'INVALID').length,
    invalidByThree: samples.filter((one) => isInvalidByThree(one, profile, next)).length,
    detection,
    tokensNeeded: new Map([...detection].map(([name, curve]) => [name, firstEnough(curve, plan.checkpoints)])),
    bound,
    seenIn: new Map(counts.map((count) => [count, ours(count)])),
    roc: rocs.get(EVIDENCE) ?? [],
    areas: new Map([...rocs].map(([name, roc]) => [name, areaUnder(roc)])),
    interval: tokens === 0 ? [1, 1] : intervalOf(pool, poolOf(honest), { plan, profile, next }),
    sequential: findBySequence(samples, { profile, nodes: plan.nodes, next }),
  }
}

/** Tokens that a sample may have; Infinity where the bound is. */
export function enoughFor(bound: number): number {
  return Math.floor(SLACK * bound)
}

/** As a client with little time checks: what a fault without the model shows is seen in any case. */
function isInvalidByThree({ margins, verdict }: Sample, profile: Profile, next: () => number): boolean {
  if (margins.length === 0) return verdict === 'INVALID'
  if (margins.length < 3) return honestProbability(margins, profile) < profile.falseAlarm
  const between = 1 + Math.floor(next() * (margins.length - 2))
  const three = [0, between, margins.length - 1].map((index) => margins[index] ?? 0)
  return honestProbability(three, profile) < profile.falseAlarm
}

/** Tokens of the binomial test (rastic: What it is worth). */
function boundFor(disagreement: number): number {
  const target = { disagreement, honestRate: 0.004, falseAlarm: 1e-3, power: POWER }
  return positionsNeeded(target, LONGEST)?.positions ?? Number.POSITIVE_INFINITY
}

interface Pair {
  readonly of: Scores
  readonly by: Scores
}

function scoresOf(
  samples: readonly Sample[],
  honest: readonly Sample[],
  { plan, profile, counts, next }: Setting & { counts: readonly number[]; next: () => number },
): Map<string, Pair> {
  const all = methodsOf(profile)
  const reporting = (of: readonly Sample[]) => of.filter(({ distances }) => distances !== undefined)
  const pairs = new Map<string, Pair>()
  const compare = (names: readonly string[], cheats: Pool, others: Pool, tokensOf = anyToken): void => {
    if (cheats.margins.length === 0 || others.margins.length === 0) return
    const methods = all.filter(({ name }) => names.includes(name))
    const draw = (pool: Pool) =>
      drawScores(methods, pool, { counts, draws: plan.draws, beginDraw: () => tokensOf(pool, next) })
    const [of, by] = [draw(cheats), draw(others)]
    for (const [name, found] of of) pairs.set(name, { of: found, by: by.get(name) ?? [] })
  }
  const drawnApart = [REPORTS, WHITEPAPER]
  const together = all.map(({ name }) => name).filter((name) => !drawnApart.includes(name))
  compare(together, poolOf(samples), poolOf(honest))
  compare([WHITEPAPER], poolOf(samples), poolOf(honest), threeOfOutputs)
  compare([REPORTS], poolOf(reporting(samples)), poolOf(reporting(honest)))
  return pairs
}

function rocAt({ of, by }: Pair, at: number): RocPoint[] {
  return rocCurve(by[at] ?? [], of[at] ?? [])
}

function intervalOf(
  pool: Pool,
  honest: Pool,
  { plan, profile, next }: { plan: Plan; profile: Profile; next: () => number },
): [number, number] {
  const evidence = methodsOf(profile).filter(({ name }) => name === EVIDENCE)
  const areas = Array.from({ length: plan.replicates }, () => {
    const draw = (of: Pool): Scores => {
      const drawToken = anyTokenOfOthers(of, next)
      const drawn = { counts: [AREA_TOKENS], draws: AREA_DRAWS, beginDraw: () => drawToken }
      return drawScores(evidence, of, drawn).get(EVIDENCE) ?? []
    }
    return areaUnder(rocAt({ of: draw(pool), by: draw(honest) }, 0))
  }).sort((a, b) => a - b)
  const at = (share: number): number => areas[Math.round(share * (areas.length - 1))] ?? Number.NaN
  return [at(0.025), at(0.975)]
}

function firstEnough(curve: readonly number[], checkpoints: readonly number[]): number {
  const at = curve.findIndex((_, i) => curve.slice(i).every((share) => Number.isNaN(share) || share >= POWER))
  const isKnown = at >= 0 && !Number.isNaN(curve[at])
  return isKnown ? (checkpoints[at] ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
}
