import { encodeTransaction } from '@camelid/codec'
import { atLeast, type Figure, median, stated } from '../report.ts'
import { BenchNode } from './bench-node.ts'
import { ChainMaker } from './chain-maker.ts'
import { fill } from './connect.ts'
import { type Coin, spendOne } from './purse.ts'
import { libraryInUse, signedDigests } from './raw-verify.ts'
import { withLibrary } from './with-library.ts'

const BATCH = 500
/** Batches under way at a time, as from a gateway whose peers do not wait for each other. */
const UNDER_WAY = 2
const ROUNDS = 20
const WARM_UP = 3
const TARGET = 5_000

/** One-input transactions through the stream that the gateway hands on what peers send, two batches of 500 at a time; raw signature checks in turn. */
export function benchMempool(): Promise<Figure[]> {
  return withLibrary('mempool', measure)
}

async function measure(): Promise<Figure[]> {
  await using node = await BenchNode.start()
  const purse = await fill(node, new ChainMaker(100), BATCH * UNDER_WAY * (ROUNDS + WARM_UP))
  const [digests, library] = [signedDigests(BATCH), await libraryInUse()]
  const rates: number[] = []
  const shares: number[] = []
  const cores: number[] = []
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    const batches = Array.from({ length: UNDER_WAY }, () => makeOffers(purse.splice(0, BATCH)))
    const rawRate = library.verify(digests)
    const [start, cpu] = [performance.now(), node.cpuSeconds()]
    await Promise.all(batches.map((offers) => node.feed.take(offers)))
    const seconds = (performance.now() - start) / 1000
    if (round < WARM_UP) continue
    const rate = (BATCH * UNDER_WAY) / seconds
    rates.push(rate)
    shares.push(rate / rawRate)
    cores.push((node.cpuSeconds() - cpu) / seconds)
  }
  return [
    atLeast(`mempool, batches of ${BATCH}, ${UNDER_WAY} under way`, median(rates), 'tx/s', TARGET),
    stated(`mempool ÷ ${library.name}, called bare, on one core`, median(shares), 'ratio'),
    stated('cores that the chain process took', median(cores), 'cores'),
  ]
}

function makeOffers(coins: readonly Coin[]): { transaction: Uint8Array }[] {
  return coins.map((coin) => ({ transaction: encodeTransaction(spendOne(coin, coin.key + 1)) }))
}
