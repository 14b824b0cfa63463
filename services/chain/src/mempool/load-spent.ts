import { encodeOutPoint, type Transaction } from '@camelid/codec'
import type { SpentOutput } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { type CoinKey, keyOfOutPoint } from '../coins/pack-coin.ts'
import type { Coin } from '../store/coins.ts'

/** Unspent outputs of the chain. */
export type Coins = ReadonlyMap<CoinKey, Coin>

/** What these transactions spend of the chain; few queries for what is not in memory. Runs in the writer. */
export async function loadCoins(state: ChainState, transactions: Iterable<Transaction>): Promise<Coins> {
  const wanted: Uint8Array[] = []
  for (const { vin } of transactions) {
    for (const { prevout } of vin) if (!inMempool(state, prevout)) wanted.push(encodeOutPoint(prevout))
  }
  return await state.coins.find(state.sql, wanted)
}

/** What a transaction's inputs spend, in their order: of the chain, or of the mempool; null where it is neither. */
export function spentOf(state: ChainState, tx: Transaction, coins: Coins): (SpentOutput | null)[] {
  return tx.vin.map(({ prevout }) => {
    const coin = coins.get(keyOfOutPoint(prevout))
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
