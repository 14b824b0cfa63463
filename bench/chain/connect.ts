import type { Transaction } from '@camelid/codec'
import { encodeTransaction } from '@camelid/codec'
import { atLeast, type Figure, median, stated } from '../report.ts'
import { BenchNode } from './bench-node.ts'
import { ChainMaker } from './chain-maker.ts'
import { type Coin, fanOut, spendOne } from './purse.ts'
import { rowsOf, Shadow, shares } from './shadow.ts'

// The first rounds go to the compiler.
const FULL = { warmUp: 4, rounds: 16, transactions: 2_000 }
const SMALL = { warmUp: 3, rounds: 9, blocks: 20, transactions: 10 }
const RATIO = 0.7
const COINS_AT_ONCE = 2_000

/** A block of 2,000 transactions that the mempool knows, through the real service; what it changed, once more by the bare database. */
export const benchConnect = (): Promise<Figure[]> =>
  withShadow((FULL.rounds + FULL.warmUp) * FULL.transactions, benchFull)

/** Blocks of ten transactions that nobody has seen before, one right after the other; the same by the bare database. */
export const benchRow = (): Promise<Figure[]> =>
  withShadow((SMALL.rounds + SMALL.warmUp) * SMALL.blocks * SMALL.transactions, benchSmall)

async function withShadow(coins: number, run: (setup: Setup) => Promise<Figure[]>): Promise<Figure[]> {
  await using node = await BenchNode.start()
  const maker = new ChainMaker(300)
  const purse = await fill(node, maker, coins)
  await using shadow = await Shadow.open(node.databaseUrl)
  return await run({ node, maker, purse, shadow })
}

interface Setup {
  readonly node: BenchNode
  readonly maker: ChainMaker
  readonly purse: Coin[]
  readonly shadow: Shadow
}

/** What the service took and what the bare database took for the same, in turn. */
interface Round {
  readonly ms: number
  readonly bareMs: number
  readonly rows: number
}

async function benchFull(setup: Setup): Promise<Figure[]> {
  const { node, maker, purse } = setup
  const rounds: Round[] = []
  for (let round = 0; round < FULL.rounds + FULL.warmUp; round++) {
    const transactions = spends(purse, FULL.transactions)
    for (let at = 0; at < transactions.length; at += 500)
      await node.feed.take(transactions.slice(at, at + 500).map((tx) => ({ transaction: encodeTransaction(tx) })))
    const { raw } = maker.add(transactions)
    const result = await measure(setup, 1, () => node.client.submitBlock({ block: raw }, { timeoutMs: 120_000 }))
    console.log(`  block of ${FULL.transactions}: ${tell(result)}`)
    if (round >= FULL.warmUp) rounds.push(result)
    else await node.writeBack()
  }
  const flush = await measure(setup, 1, () => node.writeBack())
  console.log(`  held back until now: ${tell(flush)}`)
  const all = total([...rounds, flush])
  return [
    stated('block of 2,000 transactions, warm: connected in', median(rounds.map(({ ms }) => ms)), 'ms'),
    stated('bare UNNEST of all rows', (all.rows / all.bareMs) * 1000, 'rows/s'),
    stated('connecting ÷ the bare UNNEST rate, coins held back', median(rounds.map(ratioOf)), 'ratio'),
    atLeast('connecting ÷ the bare UNNEST rate, all included', ratioOf(all), 'ratio', RATIO),
  ]
}

async function benchSmall(setup: Setup): Promise<Figure[]> {
  const { node, maker, purse } = setup
  const rounds: Round[] = []
  for (let round = 0; round < SMALL.rounds + SMALL.warmUp; round++) {
    const blocks = Array.from({ length: SMALL.blocks }, () => maker.add(spends(purse, SMALL.transactions)))
    const offers = blocks.map(({ raw }) => ({ block: raw }))
    const result = await measure(setup, SMALL.blocks, () => node.feed.take(offers))
    console.log(`  ${SMALL.blocks} blocks of ${SMALL.transactions}: ${tell(result)}`)
    if (round >= SMALL.warmUp) rounds.push(result)
    else await node.writeBack()
  }
  const flush = await measure(setup, 1, () => node.writeBack())
  console.log(`  held back until now: ${tell(flush)}`)
  if ((await node.height()) !== maker.height) throw new Error('the chain did not connect all blocks')
  const rate = (of: (round: Round) => number) => (SMALL.blocks / median(rounds.map(of))) * 1000
  return [
    stated(
      'blocks of 10 transactions, in a row',
      rate(({ ms }) => ms),
      'blocks/s',
    ),
    stated(
      'bare database, one transaction a block',
      rate(({ bareMs }) => bareMs),
      'blocks/s',
    ),
    stated('blocks of 10 ÷ the bare database, coins held back', median(rounds.map(ratioOf)), 'ratio'),
    atLeast('blocks of 10 ÷ the bare database, all included', ratioOf(total([...rounds, flush])), 'ratio', RATIO),
  ]
}

/** Times the service at its work, then the bare database at the rows of it, in so many transactions. */
async function measure({ shadow }: Setup, transactions: number, work: () => Promise<unknown>): Promise<Round> {
  await shadow.catchUp()
  const start = performance.now()
  await work()
  const ms = performance.now() - start
  const changes = await shadow.changes()
  let bareMs = 0
  for (const share of shares(changes, transactions)) bareMs += await shadow.write(share)
  return { ms, bareMs, rows: rowsOf(changes) }
}

const total = (rounds: readonly Round[]): Round =>
  rounds.reduce((sum, { ms, bareMs, rows }) => ({
    ms: sum.ms + ms,
    bareMs: sum.bareMs + bareMs,
    rows: sum.rows + rows,
  }))

const ratioOf = ({ ms, bareMs }: Round): number => bareMs / ms

const tell = ({ ms, bareMs, rows }: Round): string => `${ms.toFixed(0)} ms; bare ${bareMs.toFixed(0)} ms, ${rows} rows`

/** Spends `count` coins of the purse, each by a transaction of its own. */
function spends(purse: Coin[], count: number): Transaction[] {
  const coins = purse.splice(0, count)
  if (coins.length < count) throw new Error('the purse is empty: fill it with more')
  return coins.map((coin) => spendOne(coin, coin.key + 1))
}

/** Blocks that make at least `count` coins of mature, confirmed money. */
export async function fill(node: BenchNode, maker: ChainMaker, count: number): Promise<Coin[]> {
  const purse: Coin[] = []
  while (purse.length < count) {
    const parts = maker.hasReward ? fanOut(maker.takeReward(), COINS_AT_ONCE, 1 + purse.length) : undefined
    await node.feed.take([{ block: maker.add(parts === undefined ? [] : [parts.tx]).raw }])
    purse.push(...(parts?.coins ?? []))
  }
  return purse
}
