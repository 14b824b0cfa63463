// npm run bench:p2p [-- --part line|sync|gossip|simulate] [--blocks 20000]
// How fast real nodes tell each other of blocks and transactions, and what it costs them.
import { parseArgs } from 'node:util'
import { type Figure, report } from '../report.ts'
import { benchGossip } from './gossip.ts'
import { benchLine } from './line.ts'
import { benchSimulation } from './simulate/simulate.ts'
import { benchSync } from './sync.ts'

const { values } = parseArgs({ options: { part: { type: 'string' }, blocks: { type: 'string', default: '20000' } } })
const parts: Record<string, () => Promise<Figure[]>> = {
  line: benchLine,
  sync: () => benchSync(Number(values.blocks)),
  simulate: benchSimulation,
  gossip: () => benchGossip(),
}
const chosen = Object.entries(parts).filter(([name]) => values.part === undefined || values.part === name)
if (chosen.length === 0) throw new Error(`--part is one of ${Object.keys(parts).join(', ')}`)
const figures: Figure[] = []
for (const [name, run] of chosen) {
  console.log(`\n${name}`)
  figures.push(...(await run()))
}
console.log('')
process.exit(report(figures))
