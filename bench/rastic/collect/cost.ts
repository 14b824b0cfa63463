import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256, utf8 } from '@camelid/crypto'
import { openEngine } from '@camelid/engine'
import { checkOutput, type Engine, type Profile } from '@camelid/rastic'
import { writeRandomModel } from '../../models-random/write-random-model.ts'
import { median } from '../../report.ts'
import { UNFILTERED } from '../jobs/filters.ts'
import { jobFor } from '../jobs/orders.ts'
import type { Plan } from '../plan.ts'
import { ALONE } from './regimes.ts'
import type { Sample } from './sample.ts'

/** Verifying all positions of one output ÷ writing it, the median over some outputs. */
export interface CostRatio {
  readonly model: string
  /** Tokens of the output; the median of a class where outputs differ. */
  readonly tokens: number
  readonly outputs: number
  readonly ratio: number
  /** Of any of the outputs. */
  readonly least: number
  readonly most: number
}

const LENGTH_CLASS = 32
const LENGTHS = [64, 128, 256, 512]
const VOCABULARIES = [1024, 8000, 32_000]
const SHAPE = { width: 256, layers: 4, heads: 4, kvHeads: 2, hidden: 768, context: 768, seed: 1 } as const
const TEMPERATURE_MILLI = 800
const quiet = { debug: () => {}, warn: () => {} }
const never = new AbortController().signal

/** Of the model that is sold: its own texts, as long as they happen to be, by filter. */
export function costsOf(samples: readonly Sample[], model: string): CostRatio[] {
  const timed = samples.filter(({ name, distances }) => name === ALONE && distances === undefined)
  return [...Map.groupBy(timed, ({ filter }) => filter)].flatMap(([filter, some]) =>
    byLength(some, filter === UNFILTERED.name ? model : `${model}, ${filter}`),
  )
}

function byLength(samples: readonly Sample[], model: string): CostRatio[] {
  return [...Map.groupBy(samples, ({ margins }) => Math.floor(margins.length / LENGTH_CLASS))]
    .sort(([a], [b]) => a - b)
    .map(([, some]) => ({
      model,
      tokens: median(some.map(({ margins }) => margins.length)),
      outputs: some.length,
      ...spreadOf(some.map(({ verifyUs, generateUs }) => verifyUs / generateUs)),
    }))
}

function spreadOf(ratios: readonly number[]): Pick<CostRatio, 'ratio' | 'least' | 'most'> {
  return { ratio: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) }
}

/** Of models with random weights, at given lengths and sizes of the vocabulary. */
export async function measureCosts(
  { costRepeats }: Plan,
  profile: Profile,
  log: (line: string) => void,
): Promise<CostRatio[]> {
  const costs: CostRatio[] = []
  const directory = mkdtempSync(join(tmpdir(), 'camelid-rastic-'))
  try {
    for (const vocabulary of costRepeats === 0 ? [] : VOCABULARIES) {
      const modelPath = join(directory, `${vocabulary}.gguf`)
      writeRandomModel(modelPath, { ...SHAPE, vocabulary })
      await using stack = new AsyncDisposableStack()
      const opened = await openEngine({ modelPath, sequences: 1, threads: 1, log: quiet })
      const engine = stack.adopt(opened, () => opened.dispose())
      for (const tokens of LENGTHS) {
        const ratios: number[] = []
        for (let i = 0; i < costRepeats; i++) ratios.push(await ratioOf(engine, profile, tokens, i))
        const model = `random weights, vocabulary ${vocabulary}`
        costs.push({ model, tokens, outputs: costRepeats, ...spreadOf(ratios) })
      }
      log(`cost at a vocabulary of ${vocabulary}: ${LENGTHS.join(', ')} tokens`)
    }
  } finally {
    rmSync(directory, { recursive: true })
  }
  return costs
}

/** Noise differs until an output is as long as it is asked to be. */
async function ratioOf(engine: Engine, profile: Profile, maxTokens: number, repeat: number): Promise<number> {
  const job = jobFor(engine.model, {
    temperatureMilli: TEMPERATURE_MILLI,
    maxTokens,
    prompt: 'once upon a time',
    filter: UNFILTERED,
  })
  for (let attempt = 0; ; attempt++) {
    const jobId = sha256(utf8(`camelid/bench/rastic cost ${maxTokens} ${repeat} ${attempt}`))
    const { tokenIds, text, prefillUs, generateUs } = await engine.generate({ job, jobId, signal: never })
    if (tokenIds.length < maxTokens) continue
    const { model, engine: name, backend } = engine
    const pairs = [{ generator: backend, verifier: backend }]
    const own = { ...profile, model: { name: model.name, sha256: model.sha256 }, engine: name, pairs }
    const { verifyUs } = await checkOutput({ engine, job, jobId, tokenIds, text, profile: own, signal: never })
    return verifyUs / (prefillUs + generateUs)
  }
}
