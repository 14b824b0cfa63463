// npm run bench:chain [-- --part verify|connect|row|mempool|miner|sync]
// Every figure of the chain beside what it is compared with, in one run: bcoin and libsecp256k1, the bare database, other hash loops.
import { parseArgs } from 'node:util'
import { benchLoops } from '../miner/loops.ts'
import { report } from '../report.ts'
import { benchConnect, benchRow } from './connect.ts'
import { benchMempool } from './mempool.ts'
import { benchSync } from './sync.ts'
import { benchVerify } from './verify.ts'

const { values } = parseArgs({ options: { part: { type: 'string' } } })
const parts = {
  verify: benchVerify,
  connect: benchConnect,
  row: benchRow,
  mempool: benchMempool,
  miner: benchLoops,
  sync: benchSync,
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
