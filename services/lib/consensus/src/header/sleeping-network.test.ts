import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BlockHeader } from '@camelid/codec'
import type { NetworkParams } from '../params/network-params.ts'
import { networkParams } from '../params/networks.ts'
import { nextBits } from '../pow/asert.ts'
import { workOf } from '../pow/work.ts'
import { checkHeaderInContext } from './check-header-in-context.ts'
import { childNode, genesisNode, type HeaderNode } from './header-node.ts'
import { medianTimePast } from './median-time-past.ts'

/**
 * A miner of steady hash rate under a clock that the test moves. A block takes exactly its expected work; only its hash is not found for
 * real. Every header is checked as a node would check it.
 */
class SimulatedMiner {
  readonly #params: NetworkParams
  readonly #hashesPerSecond: number
  /** Unix seconds, with fractions. */
  now: number
  chain: HeaderNode[]

  constructor(params: NetworkParams, hashesPerSecond: number) {
    this.#params = params
    this.#hashesPerSecond = hashesPerSecond
    this.chain = [genesisNode(params)]
    // As a newcomer starts it: long after genesis.
    this.now = params.genesis.header.time + 400 * 86_400
  }

  get tip(): HeaderNode {
    const tip = this.chain.at(-1)
    if (tip === undefined) throw new Error('there is always a genesis')
    return tip
  }

  /** Mines one block and returns the seconds it took. */
  mine(): number {
    const parent = this.tip
    const start = this.now
    const bits = nextBits(this.#params, parent.anchor, { height: parent.height, time: parent.header.time })
    this.now += Number(workOf(bits)) / this.#hashesPerSecond
    const medianTime = medianTimePast(this.chain.slice(-11).map(({ header }) => header.time))
    const time = Math.max(Math.floor(this.now), medianTime + 1)
    // Faster than a block a second the median runs ahead of the clock: the miner waits until the time is no longer too new.
    this.now = Math.max(this.now, time - this.#params.maxFutureTime)
    const header: BlockHeader = {
      version: 1,
      prevHash: parent.hash,
      merkleRoot: new Uint8Array(32),
      time,
      bits,
      nonce: parent.height,
    }
    const nowSeconds = Math.floor(this.now)
    checkHeaderInContext(header, { parent, medianTime, nowSeconds, params: this.#params })
    this.chain.push(childNode(parent, header, this.#params))
    return this.now - start
  }
}

for (const [name, hashesPerSecond] of [
  ['local', 1_000_000],
  ['local', 100_000],
  ['test', 4_000_000],
] as const) {
  test(`${name} at ${hashesPerSecond} hashes a second: eight hours of sleep, then normal spacing within 20 blocks`, () => {
    const params = networkParams(name)
    const miner = new SimulatedMiner(params, hashesPerSecond)
    for (let i = 0; i < 3_000; i++) miner.mine()
    const before = Array.from({ length: 200 }, () => miner.mine())
    assertNear(mean(before), params.spacing, 0.15, 'steady before')

    miner.now += 8 * 3_600
    const after = Array.from({ length: 40 }, () => miner.mine())
    const first = miner.chain.at(-40)
    assert.equal(first?.anchor.height, first?.height, 'the first block after the sleep is the new anchor')
    assertNear(mean(after.slice(0, 20)), params.spacing, 0.25, 'the first 20 blocks after')
    assertNear(mean(after.slice(20)), params.spacing, 0.25, 'the next 20 blocks')
  })
}

test('main keeps its anchor through a sleep: a main network never stands still', () => {
  const params = networkParams('main')
  const miner = new SimulatedMiner(params, 4_000_000)
  for (let i = 0; i < 100; i++) miner.mine()
  miner.now += 30 * 86_400
  miner.mine()
  miner.mine()
  assert.equal(miner.tip.anchor.height, 1)
})

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function assertNear(value: number, wanted: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(value / wanted - 1) <= tolerance, `${what}: ${value} s a block, ${wanted} s wanted`)
}
