// npm run bench:first-light [-- --part clone|demos|check|honest|cheats] [--runs 10]
// The figures of the first paid and checked completion. Run it on a machine that does nothing else.
import { parseArgs } from 'node:util'
import { report } from '../report.ts'
import { benchCheats } from './cheats.ts'
import { benchCheck } from './check.ts'
import { benchClone } from './clone.ts'
import { benchDemos } from './demos.ts'
import { benchHonest } from './honest.ts'

const { values } = parseArgs({ options: { part: { type: 'string' }, runs: { type: 'string', default: '10' } } })
const parts = {
  clone: benchClone,
  demos: () => benchDemos(Number(values.runs)),
  check: benchCheck,
  honest: benchHonest,
  cheats: benchCheats,
}
const chosen = Object.entries(parts).filter(([name]) => values.part === undefined || values.part === name)
if (chosen.length === 0) throw new Error(`--part is one of ${Object.keys(parts).join(', ')}`)
const figures = []
for (const [name, run] of chosen) {
  console.log(`\n${name}`)
  figures.push(...(await run()))
}
console.log('')
process.exit(report(figures))
