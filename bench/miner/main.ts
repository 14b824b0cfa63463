// npm run bench:miner [-- --part loops|duty|tip|stratum]
// Hash rates of one thread, each beside the others in one run; what a thread takes of a core; work after a new tip.
import { parseArgs } from 'node:util'
import { report } from '../report.ts'
import { benchDuty } from './duty.ts'
import { benchLoops } from './loops.ts'
import { benchStratum } from './stratum.ts'
import { benchTipChange } from './tip-change.ts'

const { values } = parseArgs({ options: { part: { type: 'string' } } })
const parts = { loops: benchLoops, duty: benchDuty, tip: benchTipChange, stratum: benchStratum }
const chosen = Object.entries(parts).filter(([name]) => values.part === undefined || values.part === name)
if (chosen.length === 0) throw new Error(`--part is one of ${Object.keys(parts).join(', ')}`)
const figures = []
for (const [name, run] of chosen) {
  console.log(`\n${name}`)
  figures.push(...(await run()))
}
console.log('')
process.exit(report(figures))
