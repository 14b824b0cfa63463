import { readFileSync } from 'node:fs'
import type { Transaction } from '@camelid/codec'
import { networkParams } from '@camelid/consensus'
import { ChainMaker } from '../chain/chain-maker.ts'
import { type Coin, fanOut, spendOne } from '../chain/purse.ts'

/** Nonces of the blocks, u32 little-endian each: what would take six minutes of work. Made by `node bench/p2p/mine-small-chain.ts`. */
export const NONCES = new URL('./small-chain.nonces', import.meta.url)
/** Of every so many blocks one divides a reward into coins, and the others spend two of them each. */
const ROUND = 200
const SPENDS = 2

/** A chain of blocks that come one after the other. */
export interface SmallChain {
  /** 80 bytes each, from height 1 up. */
  readonly headers: readonly Uint8Array[]
  readonly blocks: readonly Uint8Array[]
}

/** A valid chain of blocks of about 700 bytes, two payments each: the same at every run. */
export function makeSmallChain(length: number, onBlock: (nonce: number) => void = () => undefined): SmallChain {
  const nonces = readNonces()
  const start = networkParams('local').genesis.header.time + 1_000
  const nonceOf = (height: number): number | undefined =>
    4 * height <= nonces.length ? nonces.readUInt32LE(4 * (height - 1)) : undefined
  const maker = new ChainMaker(length, { start, nonceOf })
  const chain = { headers: [] as Uint8Array[], blocks: [] as Uint8Array[] }
  const purse: Coin[] = []
  while (maker.height < length) {
    const { raw, header } = maker.add(contentOf(maker, purse))
    chain.headers.push(header)
    chain.blocks.push(raw)
    onBlock(Buffer.from(header).readUInt32LE(76))
  }
  return chain
}

function contentOf(maker: ChainMaker, purse: Coin[]): Transaction[] {
  if (maker.height % ROUND !== 10) return purse.splice(0, SPENDS).map((coin) => spendOne(coin, coin.key))
  const { tx, coins } = fanOut(maker.takeReward(), ROUND * SPENDS, 1)
  purse.push(...coins)
  return [tx]
}

function readNonces(): Buffer {
  try {
    return readFileSync(NONCES)
  } catch {
    return Buffer.alloc(0)
  }
}
