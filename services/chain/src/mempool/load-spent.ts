import { encodeOutPoint, outPointKey, type Transaction } from '@camelid/codec'
import type { SpentOutput } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { keyOf } from '../chain/coin-view.ts'
import { findCoins } from '../store/coins.ts'

/** What a transaction's inputs spend, in their order: of the mempool, or of the chain (one query); null where it is neither. */
export async function loadSpent(state: ChainState, tx: Transaction): Promise<(SpentOutput | null)[]> {
  const spent = tx.vin.map(({ prevout }): SpentOutput | null => {
    const output = state.mempool.get(bytesToHex(prevout.txid))?.tx.vout[prevout.index]
    return output === undefined ? null : { output, height: state.tip.node.height + 1, coinbase: false }
  })
  const wanted = tx.vin.filter((_, i) => spent[i] === null).map(({ prevout }) => encodeOutPoint(prevout))
  const coins = new Map((await findCoins(state.sql, wanted)).map((coin) => [keyOf(coin.outpoint), coin]))
  return tx.vin.map(({ prevout }, i) => {
    const coin = coins.get(outPointKey(prevout))
    if (coin === undefined) return spent[i] ?? null
    const { value, scriptPubKey, height, coinbase } = coin
    return { output: { value, scriptPubKey }, height, coinbase }
  })
}
