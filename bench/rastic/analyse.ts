import {
  areaUnder,
  cheatModel,
  detectionAt,
  FINE_QUANTISATION,
  NEW_STANDING,
  type Profile,
  positionsNeeded,
  type RocPoint,
  rocCurve,
  STANDING_RATES,
  updateStanding,
  weighMargins,
} from '@camelid/rastic'
import { drawTokens, type Pool, poolOf, resample } from './draw.ts'
import { type Method, methods } from './methods.ts'
import type { Plan } from './plan.ts'
import { seeded } from './random.ts'
import type { Sample } from './sample.ts'

/** At a false-alarm rate of at most this (rastic: The benchmark). */
const FALSE_ALARM = 0.01
const POWER = 0.99
/** Tokens of one sample at most; a cheat that needs more is for the sequential test. */
const LONGEST = 5_000
/** So much longer than the bound a sample may be (rastic: The benchmark). */
export const SLACK = 1.2
/** Method of `methods` that targets are held against. */
export const OURS = 'RASTiC, evidence'
/** Tokens at which areas are stated, as Token-DiFR states them. */
export const AREA_TOKENS = 300
const AREA_DRAWS = 100

/** What one attack came to at one temperature. */
export interface AttackResult {
  readonly name: string
  readonly temperatureMilli: number
  readonly jobs: number
  readonly tokens: number
  /** d: share of checked tokens that were not the model's choice. */
  readonly disagreement: number
  readonly invalid: number
  readonly inconclusive: number
  /** Detection at each checkpoint, by method; empty where every fault was seen without the model. */
  readonly detection: ReadonlyMap<string, readonly number[]>
  /** The first checkpoint at which a method sees 99 %; Infinity where none does. */
  readonly tokensNeeded: ReadonlyMap<string, number>
  /** Of the binomial test for d (rastic: What it is worth); Infinity beyond 5,000. */
  readonly bound: number
  /** Detection by our evidence at 1.2 times the bound; undefined where no sample is long enough to tell d from noise. */
  readonly detectionAtBound: number | undefined
  readonly roc: readonly RocPoint[]
  /** Of our evidence over 300 tokens, with its 95 % interval. */
  readonly area: { readonly value: number; readonly low: number; readonly high: number } | undefined
  /** Tokens after which the sequential test over jobs finds CHEATING; Infinity where it did not. */
  readonly sequential: number
}

export function analyseAttack(
  samples: readonly Sample[],
  honest: readonly Sample[],
  { plan, profile, seed }: { plan: Plan; profile: Profile; seed: number },
): AttackResult {
  const next = seeded(seed)
  const [pool, honestPool] = [poolOf(samples), poolOf(honest)]
  const tokens = pool.reduce((sum, margins) => sum + margins.length, 0)
  const disagreement = tokens === 0 ? 1 : samples.reduce((sum, { mismatches }) => sum + mismatches, 0) / tokens
  const detection = new Map<string, number[]>()
  const tokensNeeded = new Map<string, number>()
  const detect = (method: Method, count: number): number => {
    const scores = (of: Pool): number[] => drawScores(method, of, { count, draws: plan.draws, next })
    return detectionAt(scores(honestPool), scores(pool), FALSE_ALARM)
  }
  const known = pool.length === 0 ? [] : methods(profile)
  for (const method of known) {
    const curve = plan.checkpoints.map((count) => detect(method, count))
    detection.set(method.name, curve)
    const at = plan.checkpoints.findIndex((_, i) => curve.slice(i).every((share) => share >= POWER))
    tokensNeeded.set(method.name, plan.checkpoints[at] ?? Number.POSITIVE_INFINITY)
  }
  const needed = positionsNeeded({ disagreement, honestRate: 0.004, falseAlarm: 1e-3, power: POWER }, LONGEST)
  const ours = known.find(({ name }) => name === OURS)
  const roc = pool.length === 0 ? [] : rocOf(pool, honestPool, profile, plan.draws, next)
  return {
    name: samples[0]?.name ?? '',
    temperatureMilli: samples[0]?.temperatureMilli ?? 0,
    jobs: samples.length,
    tokens,
    disagreement,
    invalid: samples.filter(({ verdict }) => verdict === 'INVALID').length,
    inconclusive: samples.filter(({ verdict }) => verdict === 'INCONCLUSIVE').length,
    detection,
    tokensNeeded,
    bound: needed?.positions ?? Number.POSITIVE_INFINITY,
    detectionAtBound:
      needed === undefined || ours === undefined ? undefined : detect(ours, Math.floor(SLACK * needed.positions)),
    roc,
    area: pool.length === 0 ? undefined : areaWithInterval(pool, honestPool, { profile, plan, next, roc }),
    sequential: tokensUntilFound(samples, profile),
  }
}

function drawScores(
  { score }: Method,
  pool: Pool,
  { count, draws, next }: { count: number; draws: number; next: () => number },
): number[] {
  return Array.from({ length: draws }, () => score(drawTokens(pool, count, next)))
}

function rocOf(pool: Pool, honest: Pool, profile: Profile, draws: number, next: () => number): RocPoint[] {
  const [, evidence] = methods(profile)
  if (evidence === undefined) return []
  const scores = (of: Pool): number[] => drawScores(evidence, of, { count: AREA_TOKENS, draws, next })
  return rocCurve(scores(honest), scores(pool))
}

/** The middle 95 % of the areas of jobs drawn anew. */
function areaWithInterval(
  pool: Pool,
  honest: Pool,
  { profile, plan, next, roc }: { profile: Profile; plan: Plan; next: () => number; roc: readonly RocPoint[] },
) {
  const areas = Array.from({ length: plan.replicates }, () =>
    areaUnder(rocOf(resample(pool, next), resample(honest, next), profile, AREA_DRAWS, next)),
  ).sort((a, b) => a - b)
  const at = (share: number): number => areas[Math.round(share * (areas.length - 1))] ?? Number.NaN
  return { value: areaUnder(roc), low: at(0.025), high: at(0.975) }
}

/** Jobs one after another as a node would sell them. A fault that is seen without the model ends it at its own job. */
function tokensUntilFound(samples: readonly Sample[], profile: Profile): number {
  const model = cheatModel(profile, FINE_QUANTISATION)
  let standing = NEW_STANDING
  let tokens = 0
  for (const { margins } of samples) {
    if (margins.length === 0) return tokens
    tokens += margins.length
    standing = updateStanding(standing, weighMargins(model, margins), STANDING_RATES)
    if (standing.verdict === 'CHEATING') return tokens
  }
  return Number.POSITIVE_INFINITY
}
