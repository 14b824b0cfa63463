import { setTimeout } from 'node:timers/promises'
import { encodeAddress } from '@camelid/codec'
import { connectChain } from '../../services/miner/src/chain/chain-client.ts'
import { Wake } from '../../services/miner/src/wake.ts'
import { followWork } from '../../services/miner/src/work/follow-work.ts'
import { StandInChain } from '../../services/miner/test/stand-in-chain.ts'
import { StratumMiner } from '../../services/miner/test/stratum-miner.ts'
import { StratumPort } from '../../services/miner/test/stratum-port.ts'
import { atMost, type Figure, median, percentile } from '../report.ts'

const CHANGES = 60
const MINERS = 64
const LIMIT_MS = 50

/**
 * From the chain's saying that there is a new tip to mining.notify with clean_jobs at each of 64 miners, every one with an
 * address of its own, over gRPC and TCP. What the chain needs to make its template is not in it.
 */
export async function benchStratum(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack()
  const stand = stack.use(new StandInChain())
  const chain = connectChain(await stand.start())
  stack.defer(() => chain.close())
  const port = stack.use(await StratumPort.open())
  const abort = new AbortController()
  const log = { warn: () => undefined }
  const following = followWork({
    chain,
    payoutH2: new Uint8Array(20),
    followers: [port.server],
    log,
    signal: abort.signal,
    wake: new Wake(),
  })
  stack.defer(async () => {
    abort.abort()
    await following
  })
  const miners: StratumMiner[] = []
  for (let i = 0; i < MINERS; i++) {
    const address = encodeAddress(new Uint8Array(20).fill(i))
    miners.push(stack.use(await StratumMiner.start(port.server.port, address)))
  }
  const waits: number[] = []
  for (let i = 0; i < CHANGES; i++) {
    await setTimeout(20 + ((i * 7) % 20))
    const counts = miners.map(({ jobs }) => jobs.length)
    const moved = performance.now()
    stand.moveTip()
    const arrivals = miners.map(async (miner, at) => {
      await miner.until('the new tip', () => miner.jobs.slice(counts[at]).some(({ clean }) => clean))
      return performance.now() - moved
    })
    waits.push(...(await Promise.all(arrivals)))
  }
  console.log(`  ${CHANGES} new tips, ${MINERS} miners: median ${median(waits).toFixed(1)} ms to mining.notify`)
  return [
    atMost('Stratum: new tip to notify, p95', percentile(waits, 0.95), 'ms', LIMIT_MS),
    atMost('Stratum: new tip to notify, longest', Math.max(...waits), 'ms', LIMIT_MS),
  ]
}
