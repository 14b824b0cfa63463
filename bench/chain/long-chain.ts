import { open } from 'node:fs/promises'
import type { Transaction } from '@camelid/codec'
import { opReturnScript } from '@camelid/consensus'
import { ChainMaker } from './chain-maker.ts'
import { type Coin, fanOut, signed, spendOne } from './purse.ts'

/** Of every ten blocks one divides a reward into this many coins; the others spend of them. */
const FAN_OUT = 2_000
const SPENDS = 50
/** Of every twenty blocks one is full: 39 transactions of nearly 100,000 bytes of data. */
const BIG_TRANSACTIONS = 39
const BIG_OUTPUTS = 10
const BIG_DATA = 9_900

export interface LongChain {
  /** 80 bytes each, in order. */
  readonly headers: readonly Uint8Array[]
  /** Bytes of each block, as they stand one after the other in the file. */
  readonly sizes: readonly number[]
  readonly transactions: number
}

/** Writes a valid chain into a file, block after block: little of it is ever in memory. */
export async function makeLongChain(path: string, blocks: number): Promise<LongChain> {
  const maker = new ChainMaker(blocks)
  const headers: Uint8Array[] = []
  const sizes: number[] = []
  const purse: Coin[] = []
  let transactions = 0
  const file = await open(path, 'w')
  try {
    while (maker.height < blocks) {
      const content = contentOf(maker, purse)
      const { raw, header } = maker.add(content)
      await file.write(raw)
      headers.push(header)
      sizes.push(raw.length)
      transactions += content.length + 1
    }
  } finally {
    await file.close()
  }
  return { headers, sizes, transactions }
}

function contentOf(maker: ChainMaker, purse: Coin[]): Transaction[] {
  const height = maker.height + 1
  if (height % 20 === 5 && maker.hasReward) return bigTransactions(maker.takeReward())
  if (height % 10 === 0 && maker.hasReward) {
    const { tx, coins } = fanOut(maker.takeReward(), FAN_OUT, 1)
    purse.push(...coins)
    return [tx]
  }
  // Newest first, so that most of the coins stay unspent and the set of them grows.
  return purse.splice(-SPENDS).map((coin) => spendOne(coin, coin.key))
}

/** One transaction that makes coins, and one of nearly 100,000 bytes for each of them. */
function bigTransactions(reward: Coin): Transaction[] {
  const fund = fanOut(reward, BIG_TRANSACTIONS, 1)
  const data = { value: 0n, scriptPubKey: opReturnScript(new Uint8Array(BIG_DATA)) }
  const outputs = Array.from({ length: BIG_OUTPUTS }, () => data)
  return [fund.tx, ...fund.coins.map((coin) => signed(coin, outputs, 'camelid'))]
}
