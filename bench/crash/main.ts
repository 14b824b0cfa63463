// npm run bench:crash [-- --rounds 100] [--seed 1]
// Kills the chain service or its PostgreSQL at random moments while blocks connect and reorganise, and verifies after each kill.
import { parseArgs } from 'node:util'
import { crashLoop } from '../../services/chain/test/crash-loop.ts'
import { exactly, report, stated } from '../report.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '100' }, seed: { type: 'string', default: String(Date.now() % 1e9) } },
})
const rounds = Number(values.rounds)
console.log(`seed ${values.seed}`)
const results = await crashLoop({
  rounds,
  seed: Number(values.seed),
  onRound: ({ victim, after, interrupted, height, faults }, number) => {
    const verdict = faults.length === 0 ? 'clean' : faults.join('; ')
    console.log(
      `${String(number).padStart(3)}  ${victim.padEnd(8)} after ${String(after).padStart(4)} ms  height ${height}${interrupted ? ' (interrupted)' : ''}  ${verdict}`,
    )
  },
})
const clean = results.filter(({ faults }) => faults.length === 0).length
const kills = (wanted: string) => results.filter(({ victim }) => victim === wanted).length
console.log('')
process.exit(
  report([
    exactly(`rounds verified clean of ${rounds}`, clean, 'rounds', rounds),
    stated('kills while blocks were going in', results.filter(({ interrupted }) => interrupted).length, 'kills'),
    stated('kills of the chain service', kills('chain'), 'kills'),
    stated('kills of it and again while it starts', kills('start'), 'kills'),
    stated('kills of PostgreSQL', kills('postgres'), 'kills'),
  ]),
)
