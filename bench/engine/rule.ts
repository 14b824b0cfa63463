import { openEngine } from '@camelid/engine'
import type { Engine } from '@camelid/rastic'
import { atMost, type Figure, median, stated } from '../report.ts'
import { BareContext } from './bare-context.ts'
import type { BenchModel } from './models.ts'
import { order, RULES, type Rule } from './orders.ts'
import { quiet } from './quiet.ts'

const TOKENS = 100

/**
 * What the generation rule adds to each token: writing an output against llama.cpp alone that reads the same tokens one by one
 * and computes the logits of each, at which nobody looks.
 *
 * @param limitMs milliseconds a token with top-k 40; greedy and without a filter it is stated
 */
export async function benchRule(model: BenchModel, limitMs: number, rounds: number): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack()
  const { file: modelPath, contextSize } = model
  const engine = await openEngine({ modelPath, sequences: 1, threads: 1, log: quiet })
  stack.defer(() => engine.dispose())
  const bare = await BareContext.open(stack, { modelPath, sequences: 1, contextSize })
  const figures: Figure[] = []
  for (const rule of RULES) {
    const added: number[] = []
    for (let round = 0; round < rounds; round++) added.push(await addedMs(engine, bare, rule))
    const name = `generation rule, ${model.name}, ${rule.name}: added to a token`
    figures.push(rule.topK > 0 ? atMost(name, median(added), 'ms', limitMs) : stated(name, median(added), 'ms'))
  }
  return figures
}

async function addedMs(engine: Engine, bare: BareContext, rule: Rule): Promise<number> {
  const asked = order(engine, rule, TOKENS)
  const { tokenIds, generateUs } = await engine.generate(asked)
  if (tokenIds.length < 2) throw new Error('the model ended at once')
  const bareMs = await bare.readEachMs(engine.tokenize(asked.job.input, []), tokenIds.slice(0, -1))
  return (generateUs / 1000 - bareMs) / (tokenIds.length - 1)
}
