import { openEngine } from '@camelid/engine'
import { atMost, type Figure, median, stated } from '../report.ts'
import type { BenchModel } from './models.ts'
import { order } from './orders.ts'
import { quiet } from './quiet.ts'

const CHUNK = 64
const CHUNKS = 4

/** Until the first token of a chunk that continues others: with their cache still there, and without. */
export async function benchPrefix(model: BenchModel, rounds: number): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack()
  const options = { modelPath: model.file, sequences: 1, threads: 1, log: quiet }
  const [engine, other] = [await openEngine(options), await openEngine(options)]
  stack.defer(() => engine.dispose())
  stack.defer(() => other.dispose())
  const ratios: number[] = []
  const saved: number[] = []
  for (let round = 0; round < rounds; round++) {
    const asked = order(engine, { temperatureMilli: 800, topK: 40 }, CHUNK)
    const prefix: number[] = []
    for (let chunk = 0; chunk < CHUNKS; chunk++) {
      const next = { ...asked, job: { ...asked.job, prefix: [...prefix] } }
      const warm = await engine.generate(next)
      if (chunk === CHUNKS - 1) {
        const cold = await other.generate(next)
        if (String(cold.tokenIds) !== String(warm.tokenIds)) console.log('  a chunk came out otherwise: a near-tie')
        ratios.push(warm.prefillUs / cold.prefillUs)
        saved.push((cold.prefillUs - warm.prefillUs) / 1000)
      }
      prefix.push(...warm.tokenIds)
    }
  }
  const name = `continuing ${CHUNK * (CHUNKS - 1)} tokens, ${model.name}`
  return [
    atMost(`${name}: first token, cache ÷ no cache`, median(ratios), 'ratio', 0.5),
    stated(`${name}: saved`, median(saved), 'ms'),
  ]
}
