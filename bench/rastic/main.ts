// node bench/rastic/main.ts [--short] [--jobs N] [--fine N] [--honest N] [--tokens N] [--models DIR] [--sold NAME] [--cheats DIR]
//   [--cheat NAME=FILE]... [--out DIR] [--samples FILE]
// Every attack of rastic.md's table on a model, and honest nodes in several regimes: detection against tokens checked,
// with the methods of the field beside ours. Writes rastic-results.md and its pictures into --out; --short writes nothing
// unless it is given, and is what fails on a loss of detection, a false alarm, or a missing model of those that come with the
// project. --samples keeps what was measured in a file, and --from FILE computes the results from it again, with --costs after
// measuring what checks cost once more.
// The model that is sold is one of --models (models.json), by its name, camelid-tiny-F16 unless --sold says another. A cheat's are
// looked for in --cheats and --models: camelid-mini-F16, and the sold one in Q4_0 and Q8_0; --cheat sibling=FILE, Q4_0=FILE and
// Q8_0=FILE take others.
import { join } from 'node:path'
import { isCoded } from '@camelid/errors'
import { report } from '../report.ts'
import { requireTelling } from './collect/choose-profile.ts'
import { type Collected, collect } from './collect/collect.ts'
import { measureCosts } from './collect/cost.ts'
import type { Sample } from './collect/sample.ts'
import { type Measured, readMeasured, SamplesFile } from './collect/samples-file.ts'
import { figuresOf } from './figures.ts'
import { type Options, readOptions } from './options.ts'
import { writeResults } from './page/write-results.ts'
import { resultsOf } from './results.ts'

/** Of a full run (rastic: The benchmark). */
const FEWEST_HONEST = 3000
/** Exit code of a run that could not begin or go on: 1 is a target missed. */
const FAILED = 2
const started = Date.now()
const log = (line: string): void => console.log(`  ${Math.round((Date.now() - started) / 1000)} s  ${line}`)
try {
  process.exit(await run(readOptions(process.argv.slice(2), join(import.meta.dirname, '../..'))))
} catch (error) {
  if (!isCoded(error)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exit(FAILED)
}

async function run(options: Options): Promise<number> {
  const { from, isShort, out } = options
  const { collected, costs, plan } = from === undefined ? await measure(options) : await readAgain(from, options)
  const results = resultsOf(collected, plan, { costs, log })
  const fewestHonest = isShort ? 0.9 * plan.temperatures.length * plan.honestJobs : FEWEST_HONEST
  const { model, leftOut } = collected
  const figures = figuresOf(results, { sold: model.name, plan, leftOut, fewestHonest, isShort })
  if (out !== undefined) writeResults(out, collected, plan, results, figures)
  for (const name of collected.leftOut) console.log(`left out: ${name}`)
  for (const name of collected.notMeasured) console.log(`not measured: ${name}`)
  console.log('')
  return report(figures)
}

async function measure({ plan, models, samples: path }: Options): Promise<Measured> {
  let file: SamplesFile | undefined
  const begin = (begun: Collected) => {
    if (path !== undefined) file = new SamplesFile(path, { plan, collected: begun })
    return (samples: readonly Sample[]) => file?.addSamples(samples)
  }
  const found = await collect(plan, models, { begin, log })
  const ratios = await measureCosts(plan, found.profile, log)
  file?.addCosts(ratios)
  return { plan, collected: found, costs: ratios }
}

async function readAgain(path: string, { costs }: Options): Promise<Measured> {
  const found = readMeasured(path)
  requireTelling(found.collected.profile)
  if (!costs) return found
  const again = await measureCosts(found.plan, found.collected.profile, log)
  new SamplesFile(path).addCosts(again)
  return { ...found, costs: again }
}
