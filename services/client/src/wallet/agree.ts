import { coinKey } from '../peers/find-coins.ts'
import type { Coin } from '../store/coins.ts'

/**
 * What `minPeers` of the answers agree to be unspent (protocol §8: existence by proof, unspentness by peers that agree).
 * A coin is free where as many also know of no mempool transaction that spends it: one peer alone can neither make a
 * coin up nor hide that it is promised, and where minPeers is above 1 not block it either.
 */
export function agreedCoins<C extends Coin>(answers: readonly (readonly C[])[], minPeers: number): C[] {
  const votes = new Map<string, { coin: C; unspent: number; free: number }>()
  for (const coins of answers) {
    for (const coin of coins) {
      const key = coinKey(coin.outpoint)
      const vote = votes.get(key) ?? { coin, unspent: 0, free: 0 }
      vote.unspent++
      if (!coin.inMempool) vote.free++
      votes.set(key, vote)
    }
  }
  return [...votes.values()]
    .filter(({ unspent }) => unspent >= minPeers)
    .map(({ coin, free }) => ({ ...coin, inMempool: free < minPeers }))
}
