import { encodeOutPoint, outPointKey, type Transaction } from '@camelid/codec'
import type { SpentOutput } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { keyOf } from '../chain/coin-view.ts'
import { type Coin, findCoins } from '../store/coins.ts'

/** Outpoints asked for in one query. */
const BATCH = 5_000

/** Unspent outputs of the chain, by `outPointKey`. */
export type Coins = ReadonlyMap<string, Coin>

/** What these transactions spend of the chain; few queries for many of them. */
export async function loadCoins(state: ChainState, transactions: Iterable<Transaction>): Promise<Coins> {
  const wanted: Uint8Array[] = []
  for (const { vin } of transactions) {
    for (const { prevout } of vin) if (!inMempool(state, prevout)) wanted.push(encodeOutPoint(prevout))
  }
  const coins = new Map<string, Coin>()
  for (let at = 0; at < wanted.length; at += BATCH) {
    for (const coin of await findCoins(state.sql, wanted.slice(at, at + BATCH))) coins.set(keyOf(coin.outpoint), coin)
  }
  return coins
}

/** What a transaction's inputs spend, in their order: of the chain, or of the mempool; null where it is neither. */
export function spentOf(state: ChainState, tx: Transaction, coins: Coins): (SpentOutput | null)[] {
  return tx.vin.map(({ prevout }) => {
    const coin = coins.get(outPointKey(prevout))
    if (coin !== undefined) {
      const { value, scriptPubKey, height, coinbase } = coin
      return { output: { value, scriptPubKey }, height, coinbase }
    }
    const output = inMempool(state, prevout)
    return output === undefined ? null : { output, height: state.tip.node.height + 1, coinbase: false }
  })
}

function inMempool({ mempool }: ChainState, { txid, index }: Transaction['vin'][number]['prevout']) {
  return mempool.get(bytesToHex(txid))?.tx.vout[index]
}
