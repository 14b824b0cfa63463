// node bench/rastic/main.ts [--short] [--jobs N] [--honest N] [--tokens N] [--models DIR] [--cheats DIR] [--out DIR]
// Every attack of rastic.md's table on the shipped model, and honest nodes in several regimes: detection against tokens checked,
// with the methods of the field beside ours. Writes rastic-results.md and its pictures into --out; --short writes nothing
// unless it is given, and is what fails on a loss of detection or a false alarm.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { report } from '../report.ts'
import { collect } from './collect.ts'
import { figuresOf } from './figures.ts'
import { FULL, type Plan, SHORT } from './plan.ts'
import { resultsOf } from './results.ts'
import { writeResults } from './write-results.ts'

const root = join(import.meta.dirname, '../..')
const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    jobs: { type: 'string' },
    honest: { type: 'string' },
    tokens: { type: 'string' },
    models: { type: 'string', default: join(root, 'models') },
    cheats: { type: 'string', default: join(root, '../shared/models') },
    out: { type: 'string' },
  },
})
const base = values.short ? SHORT : FULL
const plan: Plan = {
  ...base,
  jobs: atLeastOne('--jobs', values.jobs) ?? base.jobs,
  honestJobs: atLeastOne('--honest', values.honest) ?? base.honestJobs,
  maxTokens: atLeastOne('--tokens', values.tokens) ?? base.maxTokens,
}
const log = (line: string): void => console.log(`  ${line}`)
const collected = await collect(plan, { registry: values.models, cheats: values.cheats }, log)
const results = resultsOf(collected, plan, log)
const out = values.out ?? (values.short ? undefined : join(root, 'docs'))
if (out !== undefined) writeResults(out, collected, plan, results)
for (const name of collected.leftOut) console.log(`left out: ${name}`)
console.log('')
process.exit(report(figuresOf(results)))

function atLeastOne(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new Error(`${option} ${text}: give a whole number from 1 on`)
}
