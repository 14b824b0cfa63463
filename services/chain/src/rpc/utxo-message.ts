import { decodeOutPoint, outPointKey } from '@camelid/codec'
import type { ChainState } from '../chain/chain-state.ts'
import type { Coin } from '../store/coins.ts'
import type { TransactionPlace } from '../store/transactions.ts'
import { proveTransaction } from './prove-transaction.ts'

/** A coin as the wire has it, with the proof of its transaction where it is told that one's place. */
export async function utxoMessage(state: ChainState, coin: Coin, place: TransactionPlace | undefined) {
  const outpoint = decodeOutPoint(coin.outpoint)
  const { value, scriptPubKey, height, coinbase } = coin
  const spentInMempool = state.mempool.spenderOf(outPointKey(outpoint)) !== undefined
  const utxo = { outpoint, value, scriptPubKey, height, coinbase, spentInMempool }
  return place === undefined ? utxo : { ...utxo, proof: await proveTransaction(state, place) }
}
