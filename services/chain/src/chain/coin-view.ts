import { encodeOutPoint, outPointKey } from '@camelid/codec'
import { isUnspendable } from '@camelid/consensus'
import type { AnySql } from '@camelid/store'
import { type Coin, findCoins } from '../store/coins.ts'
import type { LoadedBlock } from './block-cache.ts'

/** The coins that a block's inputs name, by `outPointKey`: those of the chain below it, and those it makes itself. */
export interface CoinView {
  /** Unspent below the block. */
  readonly before: ReadonlyMap<string, Coin>
  /** Made by the block, in order; without what nobody can spend. */
  readonly made: ReadonlyMap<string, Coin>
}

/** One query, for all inputs of the block together. */
export async function loadCoinView(sql: AnySql, loaded: LoadedBlock, height: number): Promise<CoinView> {
  const made = coinsMadeBy(loaded, height)
  const wanted: Uint8Array[] = []
  for (const { vin } of loaded.block.transactions.slice(1)) {
    for (const { prevout } of vin) if (!made.has(outPointKey(prevout))) wanted.push(encodeOutPoint(prevout))
  }
  const before = new Map<string, Coin>()
  for (const coin of await findCoins(sql, wanted)) before.set(keyOf(coin.outpoint), coin)
  return { before, made }
}

/** The coins that a block at `height` makes, by `outPointKey`. */
function coinsMadeBy({ block, txids }: LoadedBlock, height: number): Map<string, Coin> {
  const made = new Map<string, Coin>()
  block.transactions.forEach((transaction, position) => {
    const txid = txids[position]
    if (txid === undefined) throw new RangeError('a transaction without its id')
    transaction.vout.forEach(({ value, scriptPubKey }, index) => {
      if (isUnspendable(scriptPubKey)) return
      const outpoint = { txid, index }
      made.set(outPointKey(outpoint), {
        outpoint: encodeOutPoint(outpoint),
        value,
        scriptPubKey,
        height,
        coinbase: position === 0,
      })
    })
  })
  return made
}

/** `outPointKey` of the 36 bytes by which the store knows an output. */
export function keyOf(outpoint: Uint8Array): string {
  const view = new DataView(outpoint.buffer, outpoint.byteOffset, outpoint.byteLength)
  return `${Buffer.from(outpoint.buffer, outpoint.byteOffset, 32).toString('hex')}:${view.getUint32(32, true)}`
}
