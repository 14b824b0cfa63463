import { isUnspendable } from '@camelid/consensus'
import type { LoadedBlock } from '../chain/block-cache.ts'
import type { BlockSpent } from '../chain/block-history.ts'
import { type InputKeys, inputKeys } from '../chain/block-spending.ts'
import type { Coin } from '../store/coins.ts'
import type { CoinSession } from './coin-session.ts'
import { type CoinKey, keyOfBytes, keyOfOutPoint } from './pack-coin.ts'

/**
 * What a valid block at `height` does to the coins.
 * @param spent what its inputs spend, where it is known: else the lists of addresses do not hold until the next flush
 */
export function applyBlock(
  coins: CoinSession,
  { block, txids }: LoadedBlock,
  { height, keys, spent }: { readonly height: number; readonly keys: InputKeys; readonly spent?: BlockSpent },
): void {
  for (const [position, { vout }] of block.transactions.entries()) {
    const spentHere = spent?.[position]
    for (const [i, key] of (keys[position] ?? []).entries()) coins.remove(key, spentHere?.[i]?.output.scriptPubKey)
    const txid = idOf(txids, position)
    for (const [index, { value, scriptPubKey }] of vout.entries()) {
      if (isUnspendable(scriptPubKey)) continue
      coins.add(keyOfOutPoint({ txid, index }), { value, scriptPubKey, height, coinbase: position === 0 })
    }
  }
}

/**
 * Takes a block off the coins again.
 * @param returned the coins of its undo data
 */
export function unapplyBlock(coins: CoinSession, { block, txids }: LoadedBlock, returned: readonly Coin[]): void {
  const spentHere = new Set<CoinKey>(inputKeys({ block }).flat())
  for (const [position, { vout }] of block.transactions.entries()) {
    const txid = idOf(txids, position)
    for (const [index, { scriptPubKey }] of vout.entries()) {
      const key = keyOfOutPoint({ txid, index })
      if (!isUnspendable(scriptPubKey) && !spentHere.has(key)) coins.remove(key, scriptPubKey)
    }
  }
  for (const coin of returned) coins.add(keyOfBytes(coin.outpoint), coin)
}

function idOf(txids: readonly Uint8Array[], position: number): Uint8Array {
  const txid = txids[position]
  if (txid === undefined) throw new RangeError('a transaction without its id')
  return txid
}
