// node bench/rastic/main.ts [--short] [--jobs N] [--fine N] [--honest N] [--tokens N] [--models DIR] [--cheats DIR] [--out DIR] [--samples FILE]
// Every attack of rastic.md's table on the shipped model, and honest nodes in several regimes: detection against tokens checked,
// with the methods of the field beside ours. Writes rastic-results.md and its pictures into --out; --short writes nothing
// unless it is given, and is what fails on a loss of detection or a false alarm. --samples keeps what was measured in a file, and
// --from FILE computes the results from it again, with --costs after measuring what checks cost once more.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { report } from '../report.ts'
import { type Collected, collect } from './collect.ts'
import { measureCosts } from './cost.ts'
import { figuresOf } from './figures.ts'
import { FULL, type Plan, SHORT } from './plan.ts'
import { resultsOf } from './results.ts'
import type { Sample } from './sample.ts'
import { type Measured, readMeasured, SamplesFile } from './samples-file.ts'
import { writeResults } from './write-results.ts'

/** Of a full run (rastic: The benchmark). */
const FEWEST_HONEST = 3000
const root = join(import.meta.dirname, '../..')
const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    jobs: { type: 'string' },
    fine: { type: 'string' },
    honest: { type: 'string' },
    tokens: { type: 'string' },
    models: { type: 'string', default: join(root, 'models') },
    cheats: { type: 'string', default: join(root, '../shared/models') },
    out: { type: 'string' },
    samples: { type: 'string' },
    from: { type: 'string' },
    costs: { type: 'boolean', default: false },
  },
})
const base = values.short ? SHORT : FULL
const plan: Plan = {
  ...base,
  jobs: atLeastOne('--jobs', values.jobs) ?? base.jobs,
  fineJobs: atLeastOne('--fine', values.fine) ?? base.fineJobs,
  honestJobs: atLeastOne('--honest', values.honest) ?? base.honestJobs,
  maxTokens: atLeastOne('--tokens', values.tokens) ?? base.maxTokens,
}
const started = Date.now()
const log = (line: string): void => console.log(`  ${Math.round((Date.now() - started) / 1000)} s  ${line}`)
const { collected, costs, plan: measured } = values.from === undefined ? await measure() : await readAgain(values.from)
const results = resultsOf(collected, measured, { costs, log })
const fewestHonest = values.short ? 0.9 * measured.temperatures.length * measured.honestJobs : FEWEST_HONEST
const figures = figuresOf(results, fewestHonest)
const out = values.out ?? (values.short ? undefined : join(root, 'docs'))
if (out !== undefined) writeResults(out, collected, measured, results, figures)
for (const name of collected.leftOut) console.log(`left out: ${name}`)
console.log('')
process.exit(report(figures))

async function measure(): Promise<Measured> {
  let file: SamplesFile | undefined
  const begin = (begun: Collected) => {
    if (values.samples !== undefined) file = new SamplesFile(values.samples, { plan, collected: begun })
    return (samples: readonly Sample[]) => file?.addSamples(samples)
  }
  const models = { registry: values.models, cheats: [values.cheats, values.models] }
  const found = await collect(plan, models, { begin, log })
  const ratios = await measureCosts(plan, found.profile, log)
  file?.addCosts(ratios)
  return { plan, collected: found, costs: ratios }
}

async function readAgain(path: string): Promise<Measured> {
  const found = readMeasured(path)
  if (!values.costs) return found
  const again = await measureCosts(found.plan, found.collected.profile, log)
  new SamplesFile(path).addCosts(again)
  return { ...found, costs: again }
}

function atLeastOne(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new Error(`${option} ${text}: give a whole number from 1 on`)
}
