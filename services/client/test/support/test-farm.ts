import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Transaction } from '@camelid/codec'
import { bondScript, type NetworkParams, p2pkhScript } from '@camelid/consensus'
import { utf8 } from '@camelid/crypto'
import { loadRegistry } from '@camelid/engine'
import type { Engine } from '@camelid/rastic'
import { TestChain } from './test-chain.ts'
import { TestNode } from './test-node.ts'
import { type Goods, TestSeller } from './test-seller.ts'

export const MODELS_DIR = join(import.meta.dirname, '../../../../models')
const UNBOND_HEIGHT = 1_000_000
const BOND_HEIGHT = 2
/** Blocks that pay the client, at the heights from here on. */
const FIRST_FUNDING = 3
const FILLER = new Uint8Array(20).fill(9)

export interface TestFarm {
  readonly node: TestNode
  readonly seller: TestSeller
  readonly chain: TestChain
  /** Mines `count` blocks a second apart, the last at `lastTime`, with `transactions` in the first. */
  mine(options: { count: number; lastTime: number; transactions?: readonly Transaction[] }): void
}

/** A farm with a bond, on a chain that has paid the client `coins` times 50 coins; its tip is of now. */
export async function startFarm(options: {
  params: NetworkParams
  clientH2: Uint8Array
  coins?: number
  goods?: (job: Parameters<TestSeller['goods']>[0], id: Uint8Array) => Promise<Goods> | Goods
  nowMs?: () => number
  privateKey?: Uint8Array
}): Promise<TestFarm> {
  const { params, clientH2, coins = 2, goods = madeUpGoods, nowMs = Date.now } = options
  const { privateKey = new Uint8Array(32).fill(7) } = options
  const chain = new TestChain(params)
  const node = new TestNode(chain, privateKey)
  const blocks = FIRST_FUNDING + coins + 12
  const first = Math.floor(nowMs() / 1000) - blocks
  for (let height = 1; height <= blocks; height++) {
    const isFunding = height >= FIRST_FUNDING && height < FIRST_FUNDING + coins
    const to =
      height === BOND_HEIGHT
        ? bondScript(node.identity.publicKey, UNBOND_HEIGHT)
        : p2pkhScript(isFunding ? clientH2 : FILLER)
    chain.mine({ time: first + height, to })
  }
  await node.listen()
  const seller = new TestSeller({ node, bondHeight: BOND_HEIGHT, unbondHeight: UNBOND_HEIGHT, goods })
  return {
    node,
    seller,
    chain,
    mine({ count, lastTime, transactions = [] }) {
      for (let i = 0; i < count; i++) {
        chain.mine({
          time: lastTime - (count - 1 - i),
          to: p2pkhScript(FILLER),
          ...(i === 0 && { transactions }),
        })
      }
      node.announce()
    },
  }
}

/** Tokens that no model wrote, under the name of the engine that the shipped profile covers. */
export function madeUpGoods(): Goods {
  const [model] = loadRegistry(MODELS_DIR).models
  const profile = model?.profiles[0]?.profile
  if (profile === undefined) throw new Error('models.json names no profile')
  const [pair] = profile.pairs
  if (pair === undefined) throw new Error('the profile has no pairs')
  return { tokenIds: [300, 301, 302, 2], text: utf8(' some text'), engine: profile.engine, backend: pair.generator }
}

/** What the real model writes, by the rule; `alter` cheats. */
export function realGoods(engine: Engine, alter: (goods: Goods) => Goods = (goods) => goods): TestSeller['goods'] {
  return async (job, jobId) => {
    const { tokenIds, text } = await engine.generate({ job, jobId, signal: new AbortController().signal })
    return alter({ tokenIds: [...tokenIds], text, engine: engine.engine, backend: engine.backend })
  }
}

/** A models directory that names the models and their profiles but has none of the files. */
export function modelsWithoutFiles(dir: string): string {
  const target = join(dir, 'models')
  mkdirSync(target)
  cpSync(join(MODELS_DIR, 'models.json'), join(target, 'models.json'))
  cpSync(join(MODELS_DIR, 'profiles'), join(target, 'profiles'), { recursive: true })
  return target
}
