import { setTimeout as delay } from 'node:timers/promises'
import { encodeTransaction, txid } from '@camelid/codec'
import { equalBytes, sha256d } from '@camelid/crypto'
import { startTestPostgres } from '@camelid/local/testing'
import { sharedNats } from '../../services/gateway/test/shared-nats.ts'
import { ChainMaker } from '../chain/chain-maker.ts'
import { type Coin, fanOut, spendOne } from '../chain/purse.ts'
import { atLeast, atMost, type Figure, median, percentile, stated } from '../report.ts'
import { LineNode } from './line/line-node.ts'
import { Listener } from './line/listener.ts'

const NODES = 8
/** Of about 226 bytes each: a little over 1 MB. */
const BLOCK_TRANSACTIONS = 4_700
const FULL: Plan = { blocks: { warmUp: 1, rounds: 3 }, transactions: { warmUp: 10, rounds: 100 } }
const COINS_AT_ONCE = 2_000
const OFFERS_AT_ONCE = 500
const LOOK_MS = 4
const DEADLINE_MS = 60_000

interface Rounds {
  readonly warmUp: number
  readonly rounds: number
}

interface Plan {
  readonly blocks: Rounds
  readonly transactions: Rounds
}

interface Line {
  readonly plan: Plan
  readonly nodes: readonly LineNode[]
  readonly first: LineNode
  readonly last: LineNode
  readonly maker: ChainMaker
  readonly purse: Coin[]
}

/** Eight whole nodes in a line, each with the one before it as its only peer: how long a block and a transaction take from end to end. */
export async function benchLine(plan: Plan = FULL): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack()
  const postgres = await startTestPostgres({ durable: true })
  stack.defer(() => postgres.stop())
  const nats = await sharedNats()
  stack.defer(() => nats.stop())
  const nodes: LineNode[] = []
  for (let i = 0; i < NODES; i++) nodes.push(stack.use(await LineNode.prepare(postgres, nodes.at(-1))))
  await Promise.all(nodes.map((node) => node.start()))
  const [first, last] = [nodes[0], nodes.at(-1)]
  if (first === undefined || last === undefined) throw new Error('a line has nodes')
  const line: Line = { plan, nodes, first, last, maker: new ChainMaker(300), purse: [] }
  await fund(line, BLOCK_TRANSACTIONS * countOf(plan.blocks) + countOf(plan.transactions))
  console.log(`  ${NODES} nodes at height ${line.maker.height}`)
  return [...(await measureTransactions(line)), ...(await measureBlocks(line))]
}

const countOf = ({ warmUp, rounds }: Rounds): number => warmUp + rounds

/** Blocks that make coins, given to the first node: the others fetch them along the line. */
async function fund({ nodes, first, maker, purse }: Line, count: number): Promise<void> {
  while (purse.length < count) {
    const parts = maker.hasReward ? fanOut(maker.takeReward(), COINS_AT_ONCE, 1 + purse.length) : undefined
    await first.feed.take([{ block: maker.add(parts === undefined ? [] : [parts.tx]).raw }])
    purse.push(...(parts?.coins ?? []))
  }
  for (const { chain } of nodes) await chain.reach(maker.height)
}

/** One at a time, handed to the first node: when the mempool of the last has it. */
async function measureTransactions({ plan, first, last, purse }: Line): Promise<Figure[]> {
  const times: number[] = []
  for (const coin of purse.splice(0, countOf(plan.transactions))) {
    const tx = spendOne(coin, coin.key + 1)
    const start = performance.now()
    await first.chain.client.submitTransaction({ transaction: encodeTransaction(tx) })
    await until('a transaction at the last node', () => hasTransaction(last, txid(tx)))
    times.push(performance.now() - start)
    // Not in step with the batches of inventory.
    await delay(Math.random() * 150)
  }
  const counted = times.slice(plan.transactions.warmUp)
  return [
    stated(`transaction over ${NODES} nodes, median`, median(counted), 'ms'),
    atMost(`transaction over ${NODES} nodes, p95`, percentile(counted, 0.95), 'ms', 500),
  ]
}

interface Round {
  /** Milliseconds until the first node passed the block on, the last one did, and the last one had it as its tip. */
  readonly passedMs: number
  readonly arrivedMs: number
  readonly tipMs: number
  /** Share of the bytes of seven full blocks that were not sent. */
  readonly saved: number
}

async function measureBlocks(line: Line): Promise<Figure[]> {
  const listeners = { first: await Listener.at(line.first), last: await Listener.at(line.last) }
  const rounds: Round[] = []
  for (let round = 0; round < countOf(line.plan.blocks); round++) {
    const result = await sendBlock(line, listeners)
    const { passedMs, arrivedMs, tipMs, saved } = result
    console.log(
      `  block: passed on by the first after ${passedMs.toFixed(0)} ms, by the last after ${arrivedMs.toFixed(0)} ms, its tip after ${tipMs.toFixed(0)} ms; ${(saved * 100).toFixed(1)} % of the bytes saved`,
    )
    if (round >= line.plan.blocks.warmUp) rounds.push(result)
  }
  listeners.first.close()
  listeners.last.close()
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick))
  return [
    stated(
      'block of 1 MB: the first node passes it on after',
      of(({ passedMs }) => passedMs),
      'ms',
    ),
    atMost(`block of 1 MB over ${NODES} nodes`, of(({ arrivedMs }) => arrivedMs) / 1000, 's', 2),
    stated(
      'block of 1 MB: a hop, on the average',
      of((one) => (one.arrivedMs - one.passedMs) / (NODES - 1)),
      'ms',
    ),
    stated('block of 1 MB: tip of the last node after', of(({ tipMs }) => tipMs) / 1000, 's'),
    atLeast('bytes saved by compact blocks', Math.min(...rounds.map(({ saved }) => saved)) * 100, '%', 90),
  ]
}

async function sendBlock(line: Line, listeners: { first: Listener; last: Listener }): Promise<Round> {
  const { nodes, first, last, maker, purse } = line
  const transactions = purse.splice(0, BLOCK_TRANSACTIONS).map((coin) => spendOne(coin, coin.key + 1))
  await warmUp(
    nodes,
    transactions.map((tx) => encodeTransaction(tx)),
  )
  const { raw, header } = maker.add(transactions)
  const before = await bytesOfBlocks(nodes)
  const start = performance.now()
  const heard = [listeners.first.hears(header), listeners.last.hears(header)]
  const hash = sha256d(header)
  const [, passed, arrived, tip] = await Promise.all([
    first.chain.client.submitBlock({ block: raw }, { timeoutMs: DEADLINE_MS }),
    ...heard,
    until('the tip of the last node', async () =>
      equalBytes((await last.chain.client.getTip({})).tip?.hash ?? hash.subarray(1), hash),
    ),
  ])
  const since = (atMs: number | undefined): number => (atMs ?? Number.POSITIVE_INFINITY) - start
  const saved = 1 - ((await bytesOfBlocks(nodes)) - before) / (raw.length * (NODES - 1))
  return { passedMs: since(passed), arrivedMs: since(arrived), tipMs: since(tip), saved }
}

/** Every mempool takes the same transactions; what the nodes tell each other of them is over before this is. */
async function warmUp(nodes: readonly LineNode[], transactions: readonly Uint8Array[]): Promise<void> {
  for (let at = 0; at < transactions.length; at += OFFERS_AT_ONCE) {
    const offers = transactions.slice(at, at + OFFERS_AT_ONCE).map((transaction) => ({ transaction }))
    for (const { feed } of nodes) await Promise.all(offers.map((offer) => feed.offer(offer)))
  }
  await delay(3_000)
}

const OF_BLOCKS = /BLOCK|HEADERS|SEND_COMPACT/

/** Bytes that all nodes got from peers for the sake of blocks. */
async function bytesOfBlocks(nodes: readonly LineNode[]): Promise<number> {
  const counts = await Promise.all(nodes.map((node) => node.bytesIn()))
  return counts
    .flatMap((types) => [...types])
    .reduce((sum, [type, bytes]) => (OF_BLOCKS.test(type) ? sum + bytes : sum), 0)
}

async function hasTransaction({ chain }: LineNode, id: Uint8Array): Promise<boolean> {
  try {
    return (await chain.client.getTransaction({ txid: id, mempoolOnly: true })).inMempool
  } catch {
    return false
  }
}

/** @returns performance.now() once `check` is true */
async function until(what: string, check: () => Promise<boolean>): Promise<number> {
  const deadline = performance.now() + DEADLINE_MS
  while (performance.now() < deadline) {
    if (await check()) return performance.now()
    await delay(LOOK_MS)
  }
  throw new Error(`waited ${DEADLINE_MS} ms for: ${what}`)
}
