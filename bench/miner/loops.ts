import { hash, randomBytes } from 'node:crypto'
import { headerWork } from '../../services/miner/src/hash/header-work.ts'
import { type Scan, scanNonces } from '../../services/miner/src/hash/scan-nonces.ts'
import { selfTest } from '../../services/miner/src/hash/self-test.ts'
import { createSimdScan } from '../../services/miner/src/hash/wasm/simd-scan.ts'
import { atLeast, type Figure, median, stated } from '../report.ts'
import { compileNativeLoop } from './sha-ni.ts'

const ROUNDS = 7
const ROUND_CPU_MS = 400
const WARM_UP_CPU_MS = 300
const BATCH = 2048
const RATIO = 2.7

/** One thread's hash rates, the loops in turn, so that what else the machine does falls on all of them. */
export function benchLoops(): Figure[] {
  const header = randomBytes(80)
  // No hash meets target 0: nothing is ever found.
  const work = headerWork(header, new Uint8Array(32))
  const simd = createSimdScan()
  const native = compileNativeLoop()
  using _ = typeof native === 'string' ? undefined : native
  const scan = (loop: Scan) => (cpuMs: number) => rateOf(BATCH, cpuMs, (first) => loop(work, first, BATCH))
  const contestants: Record<string, (cpuMs: number) => number> = {
    'node:crypto, twice a header': (cpuMs) => rateOf(64, cpuMs, (first) => hashPlainly(header, first, 64)),
    'JavaScript, midstate': scan(scanNonces),
    'WebAssembly SIMD, midstate': scan(simd),
  }
  if (typeof native === 'string') console.log(`  C with SHA instructions NOT RUN: ${native}`)
  else contestants['C with SHA instructions, midstate'] = (cpuMs) => native.rate(header, cpuMs)

  for (const rate of Object.values(contestants)) rate(WARM_UP_CPU_MS)
  const fault = selfTest(simd)
  if (fault !== undefined) throw new Error(`WebAssembly SIMD hashes wrongly: ${fault}`)
  const rounds = Array.from({ length: ROUNDS }, () => Object.values(contestants).map((rate) => rate(ROUND_CPU_MS)))
  const column = (index: number) => rounds.map((round) => round[index] ?? Number.NaN)
  const ratio = (a: number, b: number) => median(rounds.map((round) => (round[a] ?? Number.NaN) / (round[b] ?? 1)))
  return [
    ...Object.keys(contestants).map((name, i) => stated(name, median(column(i)), 'MH/s')),
    stated('JavaScript ÷ node:crypto', ratio(1, 0), 'ratio'),
    atLeast('WebAssembly SIMD ÷ JavaScript', ratio(2, 1), 'ratio', RATIO),
    ...(typeof native === 'string' ? [] : [stated('WebAssembly SIMD ÷ C with SHA instructions', ratio(2, 3), 'ratio')]),
  ]
}

/** Millions of hashes a second of this thread's CPU time. */
function rateOf(batch: number, cpuMs: number, run: (first: number) => void): number {
  const start = process.threadCpuUsage()
  for (let first = 0; ; first += batch) {
    run(first)
    const { user, system } = process.threadCpuUsage(start)
    if (user + system >= cpuMs * 1000) return (first + batch) / (user + system)
  }
}

function hashPlainly(header: Buffer, first: number, count: number): void {
  for (let nonce = first; nonce < first + count; nonce++) {
    header.writeUInt32LE(nonce, 76)
    hash('sha256', hash('sha256', header, 'buffer'), 'buffer')
  }
}
