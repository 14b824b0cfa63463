import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { findModel, loadRegistry, openEngine } from '@camelid/engine'
import { checkOutput } from '@camelid/rastic'
import { plainJob } from '../../services/lib/engine/src/measure/plain-job.ts'
import { atMost, type Figure, median } from '../report.ts'
import { REPOSITORY } from './scratch.ts'

const LIMIT = 0.3
const ROUNDS = 15
const PROMPT = 'Tell me a story about a camel who lost a red ball.\n'

/** Checking all positions of an output against generating it: one job at a time, one thread, the same engine. */
export async function benchCheck(): Promise<Figure[]> {
  const model = findModel(loadRegistry(join(REPOSITORY, 'models')), 'camelid-tiny-F16')
  const log = { debug: () => undefined, warn: () => undefined }
  await using stack = new AsyncDisposableStack()
  const engine = await openEngine({ modelPath: model.file, expected: model, sequences: 1, threads: 1, log })
  stack.defer(() => engine.dispose())
  const signal = new AbortController().signal
  const figures: Figure[] = []
  for (const maxTokens of [64, 160]) {
    const ratios: number[] = []
    const generating: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const job = {
        ...plainJob(Buffer.from(model.sha256, 'hex')),
        maxTokens,
        temperatureMilli: 800,
        input: [{ kind: 0 as const, text: PROMPT }],
      }
      const jobId = randomBytes(32)
      const started = performance.now()
      const { tokenIds, text } = await engine.generate({ job, jobId, signal, onToken: () => undefined })
      const generated = performance.now()
      const { verdict } = await checkOutput({
        engine,
        job,
        jobId,
        tokenIds,
        text,
        profile: model.profiles[0]?.profile,
        signal,
      })
      if (verdict !== 'VALID') throw new Error(`an honest output is ${verdict}`)
      ratios.push((performance.now() - generated) / (generated - started))
      generating.push((generated - started) / tokenIds.length)
    }
    console.log(
      `  up to ${maxTokens} tokens: ${(1000 / median(generating)).toFixed(0)} tokens/s, checking costs ${(100 * median(ratios)).toFixed(1)} % of generating`,
    )
    figures.push(atMost(`checking ÷ generating, up to ${maxTokens} tokens, median`, median(ratios), 'ratio', LIMIT))
  }
  return figures
}
