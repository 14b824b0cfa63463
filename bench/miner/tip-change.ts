import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { StandInChain } from '../../services/miner/test/stand-in-chain.ts'
import { startWatchedMiner } from '../../services/miner/test/watched-miner.ts'
import { atMost, type Figure, median, percentile } from '../report.ts'

const CHANGES = 60
const LIMIT_MS = 50
/** How long the chain takes to make a template after a new tip: the threads must not fill this time with old work. */
const TEMPLATE_MS = 150

/**
 * From the chain's saying that there is a new tip to the last report of hashes on the old one, over gRPC, with a thread
 * for each core and none of them resting.
 */
export async function benchTipChange(): Promise<Figure[]> {
  await using chain = new StandInChain()
  const url = await chain.start()
  let last = 0
  const threads = availableParallelism()
  await using _ = startWatchedMiner({ url, threads, onHashed: () => (last = performance.now()) })
  const wasted: number[] = []
  for (let i = 0; i < CHANGES; i++) {
    const before = last
    while (last === before) await setTimeout(5)
    // Tips come at any moment of a slice.
    await setTimeout(20 + ((i * 7) % 20))
    chain.hold = setTimeout(TEMPLATE_MS)
    const moved = performance.now()
    chain.moveTip()
    await setTimeout(TEMPLATE_MS - 10)
    wasted.push(Math.max(0, last - moved))
  }
  console.log(`  ${CHANGES} new tips, ${threads} threads: median ${median(wasted).toFixed(1)} ms of work after each`)
  return [
    atMost('work after a new tip, p95', percentile(wasted, 0.95), 'ms', LIMIT_MS),
    atMost('work after a new tip, longest', Math.max(...wasted), 'ms', LIMIT_MS),
  ]
}
