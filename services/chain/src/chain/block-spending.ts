import type { Transaction } from '@camelid/codec'
import { isUnspendable, type SpentOutput } from '@camelid/consensus'
import { type CoinKey, keyOfOutPoint } from '../coins/pack-coin.ts'
import type { Coin } from '../store/coins.ts'
import type { LoadedBlock } from './block-cache.ts'
import type { BlockSpent } from './block-history.ts'

/** By transaction and input of a block what it names, made once for all who need it. Empty for the coinbase. */
export type InputKeys = readonly (readonly CoinKey[])[]

export function inputKeys({ block }: Pick<LoadedBlock, 'block'>): InputKeys {
  return block.transactions.map(({ vin }, position) =>
    position === 0 ? [] : vin.map(({ prevout }) => keyOfOutPoint(prevout)),
  )
}

/** Those that are of the chain below the block. */
export function namedBelow({ txids }: LoadedBlock, keys: InputKeys): CoinKey[] {
  const own = new Set(txids.map(idKey))
  const named: CoinKey[] = []
  for (const names of keys) for (const key of names) if (!own.has(idOf(key))) named.push(key)
  return named
}

/**
 * By transaction and input what a block at `height` spends: coins from below, or of an earlier transaction of its own. Each only once.
 * @param options.below those of `namedBelow` that are unspent
 */
export function spentOutputs(
  { block, txids }: LoadedBlock,
  {
    height,
    keys,
    below,
  }: { readonly height: number; readonly keys: InputKeys; readonly below: ReadonlyMap<CoinKey, Coin> },
): BlockSpent {
  const taken = new Set<CoinKey>()
  const earlier = new Map<string, { readonly tx: Transaction; readonly coinbase: boolean }>()
  return block.transactions.map((tx, position) => {
    const spent = (keys[position] ?? []).map((key, i): SpentOutput | null => {
      if (taken.has(key)) return null
      taken.add(key)
      const coin = below.get(key)
      if (coin !== undefined) {
        const { value, scriptPubKey, height: at, coinbase } = coin
        return { output: { value, scriptPubKey }, height: at, coinbase }
      }
      const own = earlier.get(idOf(key))
      const output = own?.tx.vout[tx.vin[i]?.prevout.index ?? -1]
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
export function spentBelow(keys: InputKeys, below: ReadonlyMap<CoinKey, Coin>): Coin[] {
  return keys.flatMap((names) => names.flatMap((key) => below.get(key) ?? []))
}

/** A transaction's id as keys of its outputs begin with it. */
function idKey(txid: Uint8Array): string {
  return Buffer.from(txid.buffer, txid.byteOffset, txid.length).toString('latin1')
}

const idOf = (key: CoinKey): string => key.slice(0, 32)
