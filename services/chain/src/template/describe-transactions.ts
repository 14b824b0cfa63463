import { bytesToHex } from '@camelid/crypto'
import type { Entry } from '../mempool/mempool.ts'

/** What another builder of blocks must know of a transaction that it leaves out or keeps. */
export interface TemplateTransaction {
  readonly txid: Uint8Array
  /** Base units. */
  readonly fee: bigint
  readonly sigops: number
  /** Earlier ones of the template that it spends from, counted from 0. */
  readonly depends: number[]
}

/** @param entries in the order of the block, parents before children */
export function describeTransactions(
  entries: readonly Pick<Entry, 'txid' | 'key' | 'tx' | 'fee' | 'sigops'>[],
): TemplateTransaction[] {
  const places = new Map(entries.map(({ key }, place) => [key, place]))
  return entries.map(({ txid, tx, fee, sigops }) => {
    const parents = tx.vin.flatMap(({ prevout }) => places.get(bytesToHex(prevout.txid)) ?? [])
    return { txid, fee, sigops, depends: [...new Set(parents)].sort((a, b) => a - b) }
  })
}
