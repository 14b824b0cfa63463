import { binomialLowerTail, type Engine, exceedanceRate, type Profile } from '@camelid/rastic'
import type { NoiseMeasurement } from './measure-noise.ts'

export interface ProfileChoice {
  /** Logit units. */
  readonly tau: number
  /** Logit units. */
  readonly tailScale: number
  /** How the jobs were made, for people. */
  readonly notes: readonly string[]
}

/** One in a thousand measurements like this would show fewer misses at the rate that the profile states. */
const DOUBT = 1e-3

/** @throws Error where the measured noise reaches further than the chosen numbers say */
export function toProfile(engine: Engine, measured: NoiseMeasurement, choice: ProfileChoice): Profile {
  const { positions, margins, shifts } = measured
  const misses = margins.filter((margin) => margin > choice.tau).length
  const backend = engine.backend
  const profile: Profile = {
    version: 1,
    model: { name: engine.model.name, sha256: engine.model.sha256 },
    engine: engine.engine,
    pairs: [{ generator: backend, verifier: backend }],
    tau: choice.tau,
    missRate: roundUp(upperBound(positions, misses)),
    tailScale: choice.tailScale,
    falseAlarm: 1e-6,
    designDisagreement: 0.2,
    measured: {
      positions,
      mismatches: measured.mismatches,
      misses,
      largestMargin: margins[0] ?? 0,
      medianShift: quantile(shifts, 0.5),
      shift999: quantile(shifts, 0.999),
      largestShift: shifts.at(-1) ?? 0,
      missRateConfidence: `${1 - DOUBT}`,
      notes: [...choice.notes],
    },
  }
  // Shifts bound margins from above, and every position has one: a tail that covers them covers misses with room to spare.
  for (let threshold = choice.tau; threshold < 1; threshold += choice.tailScale / 2) {
    const above = shifts.filter((shift) => shift > threshold).length
    if (above > 0 && above / positions > exceedanceRate(profile, threshold)) {
      throw new Error(
        `${above} of ${positions} positions shift by more than ${threshold}: choose a larger --tau or --tail-scale`,
      )
    }
  }
  return profile
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
