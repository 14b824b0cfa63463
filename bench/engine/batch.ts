import { openEngine } from '@camelid/engine'
import type { Engine } from '@camelid/rastic'
import { PROMPTS } from '../../services/lib/engine/src/measure/prompts.ts'
import { exactly, type Figure, stated } from '../report.ts'
import type { BenchModel } from './models.ts'
import { order } from './orders.ts'
import { quiet } from './quiet.ts'

export interface BatchLoad {
  /** Jobs at a time. */
  readonly sequences: number
  readonly jobs: number
  readonly maxTokens: number
}

/** Jobs written one after another, and all at once: tokens that come out otherwise. */
export async function benchBatch(model: BenchModel, load: BatchLoad): Promise<Figure[]> {
  const { sequences, jobs } = load
  const engine = await openEngine({ modelPath: model.file, sequences, threads: 1, log: quiet })
  await using stack = new AsyncDisposableStack()
  stack.defer(() => engine.dispose())
  const orders = Array.from({ length: jobs }, (_, i) => orderOf(engine, i, load.maxTokens))
  const alone: (readonly number[])[] = []
  for (const asked of orders) alone.push((await engine.generate(asked)).tokenIds)
  const together = await writeAll(engine, orders, sequences)
  const tokens = alone.reduce((sum, ids) => sum + ids.length, 0)
  const other = alone.reduce((sum, ids, i) => sum + differing(ids, together[i] ?? []), 0)
  const name = `batch, ${model.name}, ${sequences} at a time`
  return [
    stated(`${name}: tokens compared with the same jobs alone`, tokens, 'tokens'),
    exactly(`${name}: tokens that differ`, other, 'tokens', 0),
  ]
}

type Order = ReturnType<typeof order>

/** Long and short ones by turns, so that some end and others begin at all times. */
function orderOf(engine: Engine, number: number, maxTokens: number): Order {
  const temperatureMilli = [0, 800, 1_200][number % 3] ?? 0
  const tokens = Math.ceil(maxTokens / (1 + (number % 4)))
  return order(engine, { temperatureMilli, topK: number % 2 === 0 ? 0 : 40 }, tokens, PROMPTS[number % PROMPTS.length])
}

async function writeAll(engine: Engine, orders: readonly Order[], atATime: number): Promise<(readonly number[])[]> {
  const written: (readonly number[])[] = []
  const rest = [...orders.entries()]
  const work = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const [number, asked] = next
      written[number] = (await engine.generate(asked)).tokenIds
    }
  }
  await Promise.all(Array.from({ length: atATime }, work))
  return written
}

/** After the first one that differs all are others: it alone counts. */
function differing(some: readonly number[], others: readonly number[]): number {
  return some.length === others.length && some.every((id, i) => id === others[i]) ? 0 : 1
}
