import type { ServiceContext } from '@camelid/runtime'
import { Counter, Gauge } from 'prom-client'
import type { MinerConfig } from './config.ts'

export type MinerContext = ServiceContext<MinerConfig>
export type MinerLog = MinerContext['log']
export type MinerMetrics = ReturnType<typeof createMetrics>

/** Milliseconds between two readings of the hash rate. */
const RATE_INTERVAL_MS = 5_000

export function createMetrics({ metrics, stack }: Pick<MinerContext, 'metrics' | 'stack'>) {
  const registers = [metrics]
  const hashes = new Counter({ name: 'miner_hashes_total', help: 'Header hashes tried', registers })
  const blocks = new Counter({
    name: 'miner_blocks_total',
    help: 'Blocks found, by what the chain made of them',
    labelNames: ['result'],
    registers,
  })
  const height = new Gauge({ name: 'miner_height', help: 'Height of the block being mined', registers })
  const hashrate = new Gauge({ name: 'miner_hashrate', help: 'Hashes per second over the last 5 s', registers })
  const threads = new Gauge({
    name: 'miner_threads',
    help: 'Threads, by the loop they hash with',
    labelNames: ['loop'],
    registers,
  })
  const loops = new Map<number, string>()
  const loop = (thread: number, name: string) => {
    const before = loops.get(thread)
    if (before !== undefined) threads.dec({ loop: before })
    threads.inc({ loop: name })
    loops.set(thread, name)
  }
  let total = 0
  let last = { total, at: performance.now() }
  const timer = setInterval(() => {
    const at = performance.now()
    hashrate.set(((total - last.total) * 1000) / (at - last.at))
    last = { total, at }
  }, RATE_INTERVAL_MS)
  stack.defer(() => clearInterval(timer))
  const hashed = (count: number) => {
    total += count
    hashes.inc(count)
  }
  return { hashed, loop, blocks, height }
}
