import type { Transaction } from '@camelid/codec'
import { isUnspendable, type SpentOutput } from '@camelid/consensus'
import { type CoinKey, keyOfOutPoint } from '../coins/pack-coin.ts'
import type { Coin } from '../store/coins.ts'
import type { LoadedBlock } from './block-cache.ts'
import type { BlockSpent } from './block-history.ts'

/** Outpoints (36 bytes) that a block's inputs name of the chain below it. */
export function namedBelow({ block, txids }: LoadedBlock): Uint8Array[] {
  const own = new Set(txids.map(idKey))
  const named: Uint8Array[] = []
  for (const { vin } of block.transactions.slice(1))
    for (const { prevout } of vin)
      if (!own.has(idKey(prevout.txid))) named.push(Buffer.from(keyOfOutPoint(prevout), 'latin1'))
  return named
}

/**
 * By transaction and input what a block at `height` spends: coins from below, or of an earlier transaction of its own. Each only once.
 * @param below those of `namedBelow` that are unspent
 */
export function spentOutputs(
  { block, txids }: LoadedBlock,
  height: number,
  below: ReadonlyMap<CoinKey, Coin>,
): BlockSpent {
  const taken = new Set<CoinKey>()
  const earlier = new Map<string, { readonly tx: Transaction; readonly coinbase: boolean }>()
  return block.transactions.map((tx, position) => {
    const spent = (position === 0 ? [] : tx.vin).map(({ prevout }): SpentOutput | null => {
      const key = keyOfOutPoint(prevout)
      if (taken.has(key)) return null
      taken.add(key)
      const coin = below.get(key)
      if (coin !== undefined) {
        const { value, scriptPubKey, height: at, coinbase } = coin
        return { output: { value, scriptPubKey }, height: at, coinbase }
      }
      const own = earlier.get(idKey(prevout.txid))
      const output = own?.tx.vout[prevout.index]
      if (own === undefined || output === undefined || isUnspendable(output.scriptPubKey)) return null
      return { output, height, coinbase: own.coinbase }
    })
    const txid = txids[position]
    if (txid === undefined) throw new RangeError('a transaction without its id')
    earlier.set(idKey(txid), { tx, coinbase: position === 0 })
    return spent
  })
}

/** The coins from below that a block spends, in the order of its inputs: its undo data. */
export function spentBelow({ block }: LoadedBlock, below: ReadonlyMap<CoinKey, Coin>): Coin[] {
  return block.transactions
    .slice(1)
    .flatMap(({ vin }) => vin.flatMap(({ prevout }) => below.get(keyOfOutPoint(prevout)) ?? []))
}

function idKey(txid: Uint8Array): string {
  return Buffer.from(txid.buffer, txid.byteOffset, txid.length).toString('latin1')
}
