import { encodeOutPoint } from '@camelid/codec'
import { parseBond } from '@camelid/consensus'
import type { StoredBond } from '../store/bonds.ts'
import type { LoadedBlock } from './block-cache.ts'
import type { BlockSpent } from './block-history.ts'

/** The bonds that a block at `height` makes, spent ones too. */
export function bondsMade({ block, txids }: LoadedBlock, height: number): StoredBond[] {
  return block.transactions.flatMap(({ vout }, position) =>
    vout.flatMap(({ value, scriptPubKey }, index) => {
      const bond = parseBond(scriptPubKey)
      const txid = txids[position]
      if (bond === null || txid === undefined) return []
      const { nodeKey, unbondHeight } = bond
      return [{ outpoint: encodeOutPoint({ txid, index }), value, height, nodeKey, unbondHeight }]
    }),
  )
}

/** Outpoints of the bonds that a block spends. */
export function bondsSpent({ block }: LoadedBlock, spent: BlockSpent): Uint8Array[] {
  return block.transactions.flatMap(({ vin }, position) =>
    (spent[position] ?? []).flatMap((coin, i) => {
      const prevout = vin[i]?.prevout
      return coin === null || prevout === undefined || parseBond(coin.output.scriptPubKey) === null
        ? []
        : [encodeOutPoint(prevout)]
    }),
  )
}
