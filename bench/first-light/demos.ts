import { atMost, exactly, type Figure, median, percentile } from '../report.ts'
import { runDemo } from './run-demo.ts'
import { REPOSITORY, scratch } from './scratch.ts'

const DEMO_LIMIT_S = 35
const CHECKED_LIMIT_MS = 3_000

/** Whole `make demo` runs on one state, after a first one: start, a job of 64 tokens, its settlement, and the stop. */
export async function benchDemos(runs: number): Promise<Figure[]> {
  using home = scratch()
  const env = { ...process.env, CAMELID_HOME: home.path, PORT_OFFSET: '21000', MAX_TOKENS: '64' }
  await runDemo(REPOSITORY, env)
  const seconds: number[] = []
  const checked: number[] = []
  let valid = 0
  for (let i = 0; i < runs; i++) {
    const run = await runDemo(REPOSITORY, { ...env, SEED: String(i + 1) })
    if (run.code === 0) valid++
    else console.log(run.output)
    const latencyMs = Number(run.receipt?.latencyMs ?? Number.NaN)
    seconds.push(run.seconds)
    checked.push(latencyMs)
    const ready = /ready after ([\d.]+) s/.exec(run.output)?.[1]
    console.log(`  ${run.seconds.toFixed(1)} s (ready after ${ready} s), checked output after ${latencyMs} ms`)
  }
  console.log(`  median ${median(seconds).toFixed(1)} s, ${median(checked)} ms`)
  return [
    exactly('later make demo, VALID and settled', valid, `of ${runs}`, runs),
    atMost('later make demo, p95', percentile(seconds, 0.95), 's', DEMO_LIMIT_S),
    atMost('posting to holding the checked output, p95', percentile(checked, 0.95), 'ms', CHECKED_LIMIT_MS),
  ]
}
