import { createHash } from 'node:crypto'
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { scratch } from '../first-light/scratch.ts'
import { atLeast, type Figure, median, stated } from '../report.ts'
import { openBareLoop, runTogetherMs } from './bare-loop.ts'
import type { BenchModel } from './models.ts'
import { PROMPT } from './orders.ts'
import { openQueue, type Queue } from './queue.ts'

const LIMIT = 0.9
/** Jobs for each that is under way at a time. */
const TURNS = 3

export interface WorkerLoad {
  /** Jobs at a time. */
  readonly sequences: number
  readonly maxTokens: number
  readonly rounds: number
}

/**
 * Tokens a second of a worker with its queue, from posting all jobs to the last result, against loops over node-llama-cpp's own
 * sampler that write as many tokens after the same prompt, as many at a time.
 */
export async function benchWorker(model: BenchModel, load: WorkerLoad): Promise<Figure[]> {
  const { sequences, rounds } = load
  await using stack = new AsyncDisposableStack()
  const { path: dir } = stack.use(scratch())
  const sha256 = registerAlone(dir, model)
  const queue = await openQueue(stack, { modelsDir: dir, model: NAME, sha256, sequences })
  const bare = await openBareLoop(stack, {
    modelPath: model.file,
    sequences,
    contextSize: model.contextSize,
  })
  // Both warm: nobody counts how long a model loads.
  await queue.write(sequences, 8)
  const measured: { ours: number; theirs: number }[] = []
  for (let round = 0; round < rounds; round++) measured.push(await measureOnce(queue, bare, load))
  const ratio = median(measured.map(({ ours, theirs }) => ours / theirs))
  const name = `worker, ${model.name}, ${sequences} at a time`
  return [
    stated(`${name}: bare loop`, median(measured.map(({ theirs }) => theirs)), 'tokens/s'),
    atLeast(`${name}: worker ÷ bare loop`, ratio, 'ratio', LIMIT),
  ]
}

async function measureOnce(
  queue: Queue,
  bare: Parameters<typeof runTogetherMs>[0],
  { sequences, maxTokens }: WorkerLoad,
) {
  const started = performance.now()
  const counts = await queue.write(TURNS * sequences, maxTokens)
  const ours = performance.now() - started
  const theirs = await runTogetherMs(bare, { prompt: PROMPT, counts, temperature: 0.8 })
  const tokens = counts.reduce((sum, count) => sum + count, 0)
  return { ours: (1000 * tokens) / ours, theirs: (1000 * tokens) / theirs }
}

const NAME = 'bench'

/** A models directory with this model only; gives the file's SHA-256. */
function registerAlone(dir: string, { file, contextSize }: BenchModel): string {
  symlinkSync(resolve(file), join(dir, 'bench.gguf'))
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  const { size } = statSync(file)
  const model = { name: NAME, file: 'bench.gguf', sha256, size, contextSize, license: 'MIT', profiles: [] }
  writeFileSync(join(dir, 'models.json'), JSON.stringify({ version: 1, models: [model] }))
  return sha256
}
