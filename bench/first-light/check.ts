import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { findModel, loadRegistry, openEngine, type RegisteredModel } from '@camelid/engine'
import { checkOutput, type Engine } from '@camelid/rastic'
import { plainJob } from '../../services/lib/engine/src/measure/plain-job.ts'
import { atMost, type Figure, median } from '../report.ts'
import { REPOSITORY } from './scratch.ts'

const LIMIT = 0.3
const ROUNDS = 15
const PROMPT = 'Tell me a story about a camel who lost a red ball.\n'

/** How jobs choose their tokens; each costs the check something else. */
const RULES = [
  { name: 'T = 0', temperatureMilli: 0, topK: 0 },
  { name: 'T = 0.8', temperatureMilli: 800, topK: 0 },
  { name: 'T = 0.8, top-k 40', temperatureMilli: 800, topK: 40 },
] as const

/**
 * Checking all positions of an output against generating it: one job at a time, one thread, the same engine. The bound is told
 * beside it: one prefill of the same tokens that asks for the last position alone.
 */
export async function benchCheck(): Promise<Figure[]> {
  const model = findModel(loadRegistry(join(REPOSITORY, 'models')), 'camelid-tiny-F16')
  const log = { debug: () => undefined, warn: () => undefined }
  await using stack = new AsyncDisposableStack()
  const engine = await openEngine({ modelPath: model.file, expected: model, sequences: 1, threads: 1, log })
  stack.defer(() => engine.dispose())
  const figures: Figure[] = []
  for (const maxTokens of [64, 160]) {
    for (const rule of RULES) {
      const rounds = []
      for (let round = 0; round < ROUNDS; round++) rounds.push(await checkOnce(engine, model, { ...rule, maxTokens }))
      const ratio = median(rounds.map(({ checkMs, generateMs }) => checkMs / generateMs))
      const bound = median(rounds.map(({ prefillMs, generateMs }) => prefillMs / generateMs))
      const speed = 1000 / median(rounds.map(({ generateMs, tokens }) => generateMs / tokens))
      console.log(
        `  ${rule.name}, up to ${maxTokens} tokens: ${speed.toFixed(0)} tokens/s, checking costs ${(100 * ratio).toFixed(1)} % of generating, a bare prefill ${(100 * bound).toFixed(1)} %`,
      )
      figures.push(
        atMost(`checking ÷ generating, ${rule.name}, up to ${maxTokens} tokens, median`, ratio, 'ratio', LIMIT),
      )
    }
  }
  return figures
}

interface Order {
  readonly temperatureMilli: number
  readonly topK: number
  readonly maxTokens: number
}

/** Milliseconds of generating an output, of checking it, and of a prefill of the same tokens. */
async function checkOnce(engine: Engine, model: RegisteredModel, order: Order) {
  const { temperatureMilli, topK, maxTokens } = order
  const signal = new AbortController().signal
  const input = [{ kind: 0 as const, text: PROMPT }]
  const job = { ...plainJob(Buffer.from(model.sha256, 'hex')), temperatureMilli, topK, maxTokens, input }
  const jobId = randomBytes(32)
  const profile = model.profiles[0]?.profile
  const started = performance.now()
  const { tokenIds, text } = await engine.generate({ job, jobId, signal })
  const generated = performance.now()
  const { verdict } = await checkOutput({ engine, job, jobId, tokenIds, text, profile, signal })
  if (verdict !== 'VALID') throw new Error(`an honest output is ${verdict}`)
  const checked = performance.now()
  const tokens = [...engine.tokenize(job.input, []), ...tokenIds].slice(0, -1)
  await engine.evaluate({ tokens, wanted: [{ after: tokens.length - 1, request: { top: 1, tokens: [] } }], signal })
  const read = performance.now()
  return {
    tokens: tokenIds.length,
    generateMs: generated - started,
    checkMs: checked - generated,
    prefillMs: read - checked,
  }
}
