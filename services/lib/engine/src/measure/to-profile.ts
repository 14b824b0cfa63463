import { binomialLowerTail, type Engine, exceedanceRate, type Profile } from '@camelid/rastic'
import { EngineError } from '../errors.ts'
import type { NoiseMeasurement } from './measure-noise.ts'

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

/** One in a thousand measurements like this would show fewer misses at the rate that the profile states. */
const DOUBT = 1e-3

/** @throws EngineError NOISE_TOO_WIDE where the measured noise reaches further than the chosen numbers say */
export function toProfile({ model, engine }: Engine, measured: NoiseMeasurement, choice: ProfileChoice): Profile {
  const { positions, margins, shifts } = measured
  const misses = margins.filter((margin) => margin > choice.tau).length
  const profile: Profile = {
    version: 1,
    model: { name: model.name, sha256: model.sha256 },
    engine,
    pairs: choice.pairs,
    tau: choice.tau,
    missRate: roundUp(upperBound(positions, misses)),
    tailScale: choice.tailScale,
    falseAlarm: 1e-6,
    designDisagreement: 0.2,
    measured: {
      positions,
      mismatches: margins.length,
      misses,
      largestMargin: margins[0] ?? 0,
      medianShift: quantile(shifts, 0.5),
      shift999: quantile(shifts, 0.999),
      largestShift: shifts.at(-1) ?? 0,
      missRateConfidence: `${1 - DOUBT}`,
      notes: [...choice.notes],
      regimes: [...choice.regimes],
      notCovered: [...choice.notCovered],
    },
  }
  // Shifts bound margins from above, and every position has one: a tail that covers them covers misses with room to spare.
  for (let threshold = choice.tau; threshold < 1; threshold += choice.tailScale / 2) {
    const above = shifts.filter((shift) => shift > threshold).length
    if (above > 0 && above / positions > exceedanceRate(profile, threshold)) {
      const detail = `${above} of ${positions} positions shift by more than ${threshold.toPrecision(3)} logit units: choose a larger --tau or --tail-scale`
      throw new EngineError('NOISE_TOO_WIDE', detail, { data: { above, positions, threshold } })
    }
  }
  return profile
}

/** One regime in a line. */
export function describeNoise(name: string, { positions, margins, shifts }: NoiseMeasurement): string {
  const largest = (margins[0] ?? 0).toPrecision(2)
  const reach = quantile(shifts, 0.999)
  return `${name}: ${margins.length} of ${positions} positions differ, largest margin ${largest}, 99.9 % of shifts up to ${reach}`
}

/** The largest rate at which so few misses are still as likely as DOUBT. */
function upperBound(positions: number, misses: number): number {
  let low = misses / positions
  let high = 1
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (binomialLowerTail(positions, middle, misses) > DOUBT) low = middle
    else high = middle
  }
  return high
}

/** To two significant digits, upwards: the profile is read by people too. */
function roundUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Number((Math.ceil(value / unit) * unit).toPrecision(2))
}

function quantile(sorted: readonly number[], q: number): number {
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0).toPrecision(3))
}
