/** One figure of a benchmark: `target` reads as printed, `ok` says whether `value` meets it. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly target: string
  readonly ok: boolean
  /** Why the target is out of reach, where it is: the miss is told, and does not fail the run. */
  readonly reason?: string
}

export const atMost = (name: string, value: number, unit: string, limit: number): Figure => ({
  name,
  value: round(value),
  unit,
  target: `≤ ${limit}`,
  ok: value <= limit,
})

export const atLeast = (name: string, value: number, unit: string, limit: number): Figure => ({
  name,
  value: round(value),
  unit,
  target: `≥ ${limit}`,
  ok: value >= limit,
})

/** A figure without a target of its own, such as what others are compared with. */
export const stated = (name: string, value: number, unit: string): Figure => ({
  name,
  value: round(value),
  unit,
  target: '',
  ok: true,
})

export const exactly = (name: string, value: number, unit: string, wanted: number): Figure => ({
  name,
  value,
  unit,
  target: `= ${wanted}`,
  ok: value === wanted,
})

/** A table for people, then one line of JSON as the last line. Returns the exit code: 0 only if all targets are met, those with a reason apart. */
export function report(figures: readonly Figure[]): number {
  const width = Math.max(...figures.map(({ name }) => name.length))
  for (const { name, value, unit, target, ok, reason } of figures) {
    console.log(
      `${ok ? ' ok ' : 'MISS'}  ${name.padEnd(width)}  ${String(value).padStart(10)} ${unit.padEnd(8)} ${target}`,
    )
    if (reason !== undefined) console.log(`      ${reason}`)
  }
  console.log(JSON.stringify({ figures }))
  return figures.every(({ ok, reason }) => ok || reason !== undefined) ? 0 : 1
}

/** The smallest value that at least a share `p` of all is not above. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

const round = (value: number): number => Math.round(value * 1000) / 1000
