import type { ByteWriter } from '@camelid/codec'
import type { Coin } from '../store/coins.ts'
import type { BondRecord, SettlementRecord } from '../store/state-tables.ts'

/** What a record begins with; the end of all records follows the last one. */
export const RECORD = { end: 0, coin: 1, settlement: 2, bond: 3 } as const

/** Stands for the height at which an unspent bond was spent. */
export const UNSPENT = 0xffffffff

export interface StateCounts {
  readonly coins: bigint
  readonly settlements: bigint
  readonly bonds: bigint
}

/** 1 · outpoint 36 · value u64 · height u32 · coinbase u8 · length u32 · script */
export function writeCoin(writer: ByteWriter, coin: Coin): void {
  writer
    .u8(RECORD.coin)
    .bytes(coin.outpoint)
    .u64(coin.value)
    .u32(coin.height)
    .u8(coin.coinbase ? 1 : 0)
    .u32(coin.scriptPubKey.length)
    .bytes(coin.scriptPubKey)
}

/** 2 · outpoint 36 · jobId 32 · h2 20 · height u32 */
export function writeSettlement(writer: ByteWriter, entry: SettlementRecord): void {
  writer.u8(RECORD.settlement).bytes(entry.outpoint).bytes(entry.jobId).bytes(entry.h2).u32(entry.height)
}

/** 3 · outpoint 36 · nodeKey 33 · value u64 · unbondHeight u32 · height u32 · height of the spend u32, all ones while unspent */
export function writeBond(writer: ByteWriter, bond: BondRecord): void {
  writer
    .u8(RECORD.bond)
    .bytes(bond.outpoint)
    .bytes(bond.nodeKey)
    .u64(bond.value)
    .u32(bond.unbondHeight)
    .u32(bond.height)
    .u32(bond.spentHeight ?? UNSPENT)
}

/** 0 · coins u64 · settlements u64 · bonds u64 */
export function writeEnd(writer: ByteWriter, counts: StateCounts): void {
  writer.u8(RECORD.end).u64(counts.coins).u64(counts.settlements).u64(counts.bonds)
}
