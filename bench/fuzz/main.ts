// npm run bench:fuzz [-- --seed N --count INPUTS_PER_DECODER]
// Random and changed bytes into every decoder: each gives a value that is written again as the same bytes, or an error with a name.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { report } from '../report.ts'
import { figuresOf } from './figures.ts'
import { fuzzAll } from './fuzz.ts'
import { allTargets } from './targets/all.ts'
import { watch } from './watch.ts'

const COUNT = 100_000

if (isMainThread) {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, count: { type: 'string' } } })
  const seed = Number(values.seed ?? randomInt(2 ** 31))
  const count = Number(values.count ?? COUNT)
  console.log(`seed ${seed}, ${count} inputs for each quick decoder`)
  process.exit(report(figuresOf(await watch(import.meta.filename, { seed, count }))))
} else {
  const { seed, count, progress } = workerData
  const place = (at: { target: number; input: number }) => progress.set([at.target, at.input])
  parentPort?.postMessage(fuzzAll(allTargets(seed), { seed, count, place }))
}
