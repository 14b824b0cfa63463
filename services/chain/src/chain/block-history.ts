import { parseP2pkh, type SpentOutput } from '@camelid/consensus'
import type { HistoryEntry } from '../store/history.ts'
import type { LoadedBlock } from './block-cache.ts'

/** By transaction and input of a block what is spent; null where there is no such output. Empty for the coinbase. */
export type BlockSpent = readonly (readonly (SpentOutput | null)[])[]

interface Sums {
  readonly h2: Uint8Array
  received: bigint
  sent: bigint
}

/** What a block does to addresses: an entry for each transaction and address that it pays to or spends from. */
export function blockHistory({ block, txids }: LoadedBlock, spent: BlockSpent): HistoryEntry[] {
  const entries: HistoryEntry[] = []
  for (const [position, { vout }] of block.transactions.entries()) {
    const txid = txids[position]
    if (txid === undefined) throw new RangeError('a transaction without its id')
    const sums = new Map<string, Sums>()
    for (const coin of spent[position] ?? []) {
      const sum = coin === null ? undefined : sumOf(sums, coin.output.scriptPubKey)
      if (coin !== null && sum !== undefined) sum.sent += coin.output.value
    }
    for (const { value, scriptPubKey } of vout) {
      const sum = sumOf(sums, scriptPubKey)
      if (sum !== undefined) sum.received += value
    }
    for (const sum of sums.values()) entries.push({ ...sum, position, txid })
  }
  return entries
}

/** The addresses that a block's history names. */
export function blockAddresses({ block }: LoadedBlock, scripts: Iterable<Uint8Array>): Uint8Array[] {
  const sums = new Map<string, Sums>()
  for (const script of scripts) sumOf(sums, script)
  for (const { vout } of block.transactions) for (const { scriptPubKey } of vout) sumOf(sums, scriptPubKey)
  return [...sums.values()].map(({ h2 }) => h2)
}

function sumOf(sums: Map<string, Sums>, script: Uint8Array): Sums | undefined {
  const h2 = parseP2pkh(script)
  if (h2 === null) return undefined
  const key = Buffer.from(h2.buffer, h2.byteOffset, h2.length).toString('latin1')
  const known = sums.get(key)
  if (known !== undefined) return known
  const fresh = { h2, received: 0n, sent: 0n }
  sums.set(key, fresh)
  return fresh
}
