import { atLeast, type Figure, percentile, stated } from '../../report.ts'
import { BlockRelay } from './block-relay.ts'
import type { Costs } from './costs.ts'
import { measureFill } from './measure.ts'
import { Network } from './network.ts'
import { type Sizes, sizesOf } from './sizes.ts'
import { TransactionRelay } from './transaction-relay.ts'

const SEED = 4
const DEGREE = 8
const LATENCY = { medianMs: 50, sigma: 0.5 }
/** 20 Mbit/s. */
const UPLINK = 20_000_000
const BLOCK_BYTES = 1_000_000
/** Blocks until every node has found the peers that are quick for it, and blocks measured. */
const WARM_UP = 5
const BLOCKS = 20
const TRANSACTIONS = 20

/** Of a block of 1 MB with a warm mempool; filling with the two calls between gateway and chain. */
const COSTS: Costs = { fillMs: 60, connectMs: 300, headerMs: 2, transactionMs: 2 }

interface Row {
  readonly nodes: number
  readonly what: string
  readonly p50: number
  readonly p95: number
  readonly max: number
  /** Received by a node, for one of what is relayed. */
  readonly bytes: number
}

/** Networks of 1,000 and 10,000 nodes; the same figures in each run. */
export function benchSimulation(): Promise<Figure[]> {
  const sizes = sizesOf(BLOCK_BYTES)
  const rows = [1_000, 10_000].flatMap((nodes) => [
    blocks(nodes, sizes, 0),
    blocks(nodes, sizes, 0.01),
    transactions(nodes, sizes, 1),
    transactions(nodes, sizes, 100),
  ])
  print(rows)
  const announced = sizes.compactAnnounced
  return Promise.resolve([
    stated('compact block', announced, 'bytes'),
    atLeast('share of a block that it saves', 1 - announced / sizes.block, '', 0.9),
    stated('filling it, by the functions of the chain alone, here and now', measureFill(sizes.transactions), 'ms'),
    ...rows.flatMap(({ nodes, what, p50, p95, max, bytes }) => [
      stated(`${nodes} nodes, ${what}: p50`, p50, 'ms'),
      stated(`${nodes} nodes, ${what}: p95`, p95, 'ms'),
      stated(`${nodes} nodes, ${what}: max`, max, 'ms'),
      stated(`${nodes} nodes, ${what}: received by a node`, bytes, 'bytes'),
    ]),
  ])
}

function networkOf(nodes: number): Network {
  return new Network({ nodes, degree: DEGREE, seed: SEED, latency: LATENCY, uplink: UPLINK })
}

function blocks(nodes: number, sizes: Sizes, lacking: number): Row {
  const network = networkOf(nodes)
  const relay = new BlockRelay({ network, sizes, costs: COSTS, lacking })
  for (let i = 0; i < WARM_UP; i++) relay.relay(network.random.below(nodes))
  network.forgetTraffic()
  const what = lacking === 0 ? 'block of 1 MB' : `block of 1 MB, ${lacking * 100} % of it not in the mempool`
  return measure(network, { what, times: BLOCKS, each: 1, relay: (origin) => relay.relay(origin) })
}

function transactions(nodes: number, sizes: Sizes, together: number): Row {
  const network = networkOf(nodes)
  const relay = new TransactionRelay({ network, sizes, costs: COSTS, together })
  const what = together === 1 ? 'transaction' : `each of ${together} transactions`
  return measure(network, { what, times: TRANSACTIONS, each: together, relay: (origin) => relay.relay(origin) })
}

function measure(
  network: Network,
  options: { what: string; times: number; each: number; relay: (origin: number) => Float64Array },
): Row {
  const { what, times, each, relay } = options
  const all: number[] = []
  for (let i = 0; i < times; i++) for (const ms of relay(network.random.below(network.nodes))) all.push(ms)
  const received = network.received.reduce((sum, bytes) => sum + bytes, 0)
  const bytes = received / network.nodes / times / each
  const [p50, p95, max] = [percentile(all, 0.5), percentile(all, 0.95), percentile(all, 1)]
  return { nodes: network.nodes, what, p50, p95, max, bytes }
}

function print(rows: readonly Row[]): void {
  console.log('| nodes | what | p50 | p95 | max | received by a node |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const { nodes, what, p50, p95, max, bytes } of rows) {
    const ms = [p50, p95, max].map((value) => `${Math.round(value).toLocaleString('en')} ms`).join(' | ')
    console.log(`| ${nodes.toLocaleString('en')} | ${what} | ${ms} | ${Math.round(bytes).toLocaleString('en')} bytes |`)
  }
}
