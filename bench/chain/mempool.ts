import { encodeTransaction } from '@camelid/codec'
import { atLeast, type Figure, median, stated } from '../report.ts'
import { BenchNode } from './bench-node.ts'
import { ChainMaker } from './chain-maker.ts'
import { fill } from './connect.ts'
import { spendOne } from './purse.ts'
import { libraryInUse, signedDigests } from './raw-verify.ts'

const BATCH = 500
const BATCHES = 20
const WARM_UP = 3
const TARGET = 5_000

/** One-input transactions through the stream that the gateway hands on what peers send, 500 at a time; raw signature checks in turn. */
export async function benchMempool(): Promise<Figure[]> {
  await using node = await BenchNode.start()
  const purse = await fill(node, new ChainMaker(100), BATCH * (BATCHES + WARM_UP))
  const [digests, library] = [signedDigests(BATCH), await libraryInUse()]
  const rates: number[] = []
  const shares: number[] = []
  const cores: number[] = []
  for (let batch = 0; batch < BATCHES + WARM_UP; batch++) {
    const offers = purse
      .splice(0, BATCH)
      .map((coin) => ({ transaction: encodeTransaction(spendOne(coin, coin.key + 1)) }))
    const rawRate = library.verify(digests)
    const [start, cpu] = [performance.now(), node.cpuSeconds()]
    await node.feed.take(offers)
    const seconds = (performance.now() - start) / 1000
    if (batch < WARM_UP) continue
    rates.push(BATCH / seconds)
    shares.push(BATCH / seconds / rawRate)
    cores.push((node.cpuSeconds() - cpu) / seconds)
  }
  return [
    atLeast(`mempool, batches of ${BATCH}`, median(rates), 'tx/s', TARGET),
    stated(`mempool ÷ ${library.name}, called bare, on one core`, median(shares), 'ratio'),
    stated('cores that the chain process took', median(cores), 'cores'),
  ]
}
