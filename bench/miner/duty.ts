import { setTimeout } from 'node:timers/promises'
import { ThreadPool } from '../../services/miner/src/threads/thread-pool.ts'
import { atMost, type Figure } from '../report.ts'

const DUTY = 0.1
const LIMIT = 0.115
const LONGEST_MS = 10
const SETTLE_MS = 2_000
const MEASURE_MS = 5_000

/** The share of a core that one thread takes when told to take a tenth, and its longest stretch of work in one go. */
export async function benchDuty(): Promise<Figure[]> {
  let reports: number[] = []
  await using pool = new ThreadPool({
    threads: 1,
    duty: DUTY,
    onHashed: (count) => reports.push(count),
    onFound: () => undefined,
    onLoop: () => undefined,
    onFailure: (error) => console.log(`  ${error.message}`),
  })
  const target = new Uint8Array(32)
  const bytes = new Uint8Array(8)
  const times = { time: 0, minTime: 0, maxTime: 2 ** 32 - 1 }
  const header = new Uint8Array(80)
  pool.workOn({ height: 1, header, coinbasePrefix: bytes, coinbaseSuffix: bytes, merkleBranch: [], target, ...times })
  await setTimeout(SETTLE_MS)
  reports = []
  const cpu = process.cpuUsage()
  const start = performance.now()
  await setTimeout(MEASURE_MS)
  const { user, system } = process.cpuUsage(cpu)
  const usedMs = (user + system) / 1000
  const share = usedMs / (performance.now() - start)
  const hashes = reports.reduce((a, b) => a + b, 0)
  const longest = (Math.max(...reports) / hashes) * usedMs
  console.log(`  ${reports.length} slices, ${(hashes / usedMs / 1000).toFixed(2)} MH/s of CPU time`)
  return [
    atMost('share of a core at a duty of a tenth', share, 'cores', LIMIT),
    atMost('longest slice of work', longest, 'ms', LONGEST_MS),
  ]
}
