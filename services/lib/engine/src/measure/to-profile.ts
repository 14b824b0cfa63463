import { type Engine, exceedanceRate, type Profile } from '@camelid/rastic'
import { EngineError } from '../errors.ts'
import type { NoiseMeasurement } from './measure-noise.ts'
import { DOUBT, missRateBound } from './miss-rate.ts'

export interface ProfileChoice {
  /** Logit units. */
  readonly tau: number
  /** Logit units. */
  readonly tailScale: number
  /** Backend classes that were measured against each other. */
  readonly pairs: Profile['pairs']
  /** What was measured, for people: in all, the regimes that the numbers cover, and others. */
  readonly notes: readonly string[]
  readonly regimes: readonly string[]
  readonly notCovered: readonly string[]
}

/** @throws EngineError NOISE_TOO_WIDE where the measured noise reaches further than the chosen numbers say; it names a tau that would do */
export function toProfile({ model, engine }: Engine, measured: NoiseMeasurement, choice: ProfileChoice): Profile {
  const profile: Profile = {
    version: 1,
    model: { name: model.name, sha256: model.sha256 },
    engine,
    pairs: choice.pairs,
    ...ratesOf(measured, choice),
    falseAlarm: 1e-6,
    designDisagreement: 0.2,
    measured: summarise(measured, choice),
  }
  const beyond = firstBeyond(measured, profile)
  if (beyond === undefined) return profile
  const { above, threshold } = beyond
  const wider = WIDER_TAUS.find((tau) => tau > choice.tau && fits(measured, { ...choice, tau }))
  const fix =
    wider === undefined ? 'a larger --tau or --tail-scale' : `--tau ${wider} or more, or a larger --tail-scale`
  const detail = `${above} of ${measured.positions} positions shift by more than ${threshold.toPrecision(3)} logit units: choose ${fix}`
  throw new EngineError('NOISE_TOO_WIDE', detail, { data: { above, positions: measured.positions, threshold } })
}

/** What a profile tells people of its measurement. */
export function summarise(measured: NoiseMeasurement, choice: ProfileChoice): Profile['measured'] {
  const { positions, margins, shifts } = measured
  return {
    positions,
    mismatches: margins.length,
    misses: missesOf(measured, choice.tau),
    largestMargin: margins[0] ?? 0,
    medianShift: quantile(shifts, 0.5),
    shift999: quantile(shifts, 0.999),
    largestShift: shifts.at(-1) ?? 0,
    missRateConfidence: `${1 - DOUBT}`,
    notes: [...choice.notes],
    regimes: [...choice.regimes],
    notCovered: [...choice.notCovered],
  }
}

type Rates = Pick<Profile, 'tau' | 'tailScale' | 'missRate'>
type Reach = Pick<ProfileChoice, 'tau' | 'tailScale'>

/** Logit units. */
const WIDER_TAUS = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10]

function ratesOf(measured: NoiseMeasurement, { tau, tailScale }: Reach): Rates {
  return { tau, tailScale, missRate: missRateBound(measured.positions, missesOf(measured, tau)) }
}

function missesOf({ margins }: NoiseMeasurement, tau: number): number {
  return margins.filter((margin) => margin > tau).length
}

function fits(measured: NoiseMeasurement, reach: Reach): boolean {
  return firstBeyond(measured, ratesOf(measured, reach)) === undefined
}

/**
 * Where the noise reaches further than the profile says. Shifts bound margins from above, and every position has one: a tail that
 * covers them covers misses with room to spare.
 */
function firstBeyond({ positions, shifts }: NoiseMeasurement, rates: Rates) {
  const { tau, tailScale } = rates
  for (let threshold = tau; threshold < Math.max(1, 2 * tau); threshold += tailScale / 2) {
    const above = shifts.filter((shift) => shift > threshold).length
    if (above > 0 && above / positions > exceedanceRate(rates, threshold)) return { above, threshold }
  }
  return undefined
}

/** One regime in a line. */
export function describeNoise(name: string, { positions, margins, shifts }: NoiseMeasurement): string {
  const largest = (margins[0] ?? 0).toPrecision(2)
  const reach = quantile(shifts, 0.999)
  return `${name}: ${margins.length} of ${positions} positions differ, largest margin ${largest}, 99.9 % of shifts up to ${reach}`
}

function quantile(sorted: readonly number[], q: number): number {
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0).toPrecision(3))
}
