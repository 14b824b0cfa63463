// npm run bench:fuzz [-- --part all|frames --seed N --count INPUTS_PER_DECODER]
// Random and changed bytes into every decoder: each gives a value that is written again as the same bytes, or an error with a name.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { report } from '../report.ts'
import { figuresOf } from './figures.ts'
import { fuzzAll } from './fuzz.ts'
import { type Part, targetsOf } from './targets/all.ts'
import { watch } from './watch.ts'

/** Of frames, of which there are two decoders, a million in all. */
const COUNTS: Record<Part, number> = { all: 100_000, frames: 500_000 }

if (isMainThread) {
  const { values } = parseArgs({
    options: { part: { type: 'string', default: 'all' }, seed: { type: 'string' }, count: { type: 'string' } },
  })
  const part = values.part === 'frames' ? 'frames' : 'all'
  const seed = Number(values.seed ?? randomInt(2 ** 31))
  const count = Number(values.count ?? COUNTS[part])
  console.log(`seed ${seed}, ${count} inputs for each quick decoder`)
  process.exit(report(figuresOf(await watch(import.meta.filename, { part, seed, count }))))
} else {
  const { part, seed, count, progress } = workerData
  const place = (at: { target: number; input: number }) => progress.set([at.target, at.input])
  parentPort?.postMessage(fuzzAll(targetsOf(part, seed), { seed, count, place }))
}
