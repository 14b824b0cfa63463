import { openEngine } from '@camelid/engine'
import { atLeast, atMost, type Figure, median } from '../report.ts'
import { generateMs, openBareLoop } from './bare-loop.ts'
import type { BenchModel } from './models.ts'
import { order } from './orders.ts'
import { quiet } from './quiet.ts'

const LIMIT = 1.03
/** Of the model: what the rule adds to a faster one says nothing of large models. */
const SLOW_MS = 20
const TOKENS = 24

/** Temperature 0 against the greedy sampler of node-llama-cpp, by turns. */
export async function benchGreedy(model: BenchModel, rounds: number): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack()
  const { file: modelPath, contextSize } = model
  const engine = await openEngine({ modelPath, sequences: 1, threads: 1, log: quiet })
  stack.defer(() => engine.dispose())
  const { sequences } = await openBareLoop(stack, { modelPath, sequences: 1, contextSize })
  const [sequence] = sequences
  if (sequence === undefined) throw new Error('there is no sequence')
  const ratios: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    const asked = order(engine, { temperatureMilli: 0, topK: 0 }, TOKENS)
    const { tokenIds, generateUs } = await engine.generate(asked)
    const theirMs = await generateMs(sequence, engine.tokenize(asked.job.input, []), { count: TOKENS, temperature: 0 })
    theirs.push(theirMs)
    ratios.push(generateUs / 1000 / (tokenIds.length - 1) / theirMs)
  }
  const name = `greedy, ${model.name}`
  return [
    atLeast(`${name}: node-llama-cpp's own, a token`, median(theirs), 'ms', SLOW_MS),
    atMost(`${name}: ours ÷ node-llama-cpp's own`, median(ratios), 'ratio', LIMIT),
  ]
}
