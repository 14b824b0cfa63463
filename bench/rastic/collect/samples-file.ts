import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { Plan } from '../plan.ts'
import type { Collected } from './collect.ts'
import type { CostRatio } from './cost.ts'
import type { Sample } from './sample.ts'

/** What a run has measured, a line for each group of samples: the results can be computed again from it, or from a part of it. */
export interface Measured {
  readonly plan: Plan
  readonly collected: Collected
  readonly costs: readonly CostRatio[]
}

type Line =
  | { readonly begun: Omit<Measured, 'costs'> }
  | { readonly samples: readonly Sample[] }
  | { readonly costs: readonly CostRatio[] }

/** @throws where `path` cannot be written */
export class SamplesFile {
  readonly #path: string

  /** @param begun begins the file anew; it is gone on with where this is left out */
  constructor(path: string, begun?: Omit<Measured, 'costs'>) {
    this.#path = path
    if (begun !== undefined) writeFileSync(path, toLine({ begun }))
  }

  addSamples(samples: readonly Sample[]): void {
    appendFileSync(this.#path, toLine({ samples }))
  }

  /** The last ones count. */
  addCosts(costs: readonly CostRatio[]): void {
    appendFileSync(this.#path, toLine({ costs }))
  }
}

/** Of a file that this program wrote. */
export function readMeasured(path: string): Measured {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(fromLine)
  const begun = lines.flatMap((line) => ('begun' in line ? [line.begun] : []))[0]
  if (begun === undefined) throw new Error(`${path} holds no samples`)
  const samples = lines.flatMap((line) => ('samples' in line ? line.samples : []))
  const costs = lines.flatMap((line) => ('costs' in line ? [line.costs] : [])).at(-1) ?? []
  return { plan: begun.plan, collected: { ...begun.collected, samples }, costs }
}

/** JSON knows no Infinity, which a margin may be. */
const INFINITE = 'Infinity'

function toLine(line: Line): string {
  return `${JSON.stringify(line, (_, value: unknown) => (value === Number.POSITIVE_INFINITY ? INFINITE : value))}\n`
}

/** What `toLine` made of a line. */
function fromLine(text: string): Line {
  const revive = (_: string, value: unknown): unknown => (value === INFINITE ? Number.POSITIVE_INFINITY : value)
  return JSON.parse(text, revive) as Line
}
