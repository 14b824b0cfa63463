import { ByteWriter } from '@camelid/codec'
import type { AnySql } from '@camelid/store'
import type { Report } from '../progress/report.ts'
import { type FiledCoin, pageOfBonds, pageOfCoins, pageOfSettlements } from '../store/state-tables.ts'
import { type StateCounts, writeBond, writeCoin, writeEnd, writeSettlement } from './state-records.ts'

/** Rows in memory at once; a coin's script has at most 10,000 bytes. */
const PAGE = 2_000
const NOTHING = new Uint8Array()

export interface StateStreamOptions {
  readonly report: Report
  readonly signal: AbortSignal
  /** Sees every coin on its way. */
  readonly onCoin?: (coin: FiledCoin) => void
}

/**
 * The records of the state in the order that its hash asks for, a page at a time, with their end. Run it in a transaction that does not
 * see what others commit meanwhile. @returns how many there were
 */
export async function* stateRecords(
  sql: AnySql,
  { report, signal, onCoin }: StateStreamOptions,
): AsyncGenerator<Uint8Array, StateCounts> {
  const counts = { coins: 0n, settlements: 0n, bonds: 0n }
  const count = (kind: keyof typeof counts, rows: number) => {
    signal.throwIfAborted()
    counts[kind] += BigInt(rows)
    report({ stage: kind, done: Number(counts[kind]) })
  }
  let coins = await pageOfCoins(sql, NOTHING, PAGE)
  for (let last = coins.at(-1); last !== undefined; last = coins.at(-1)) {
    for (const coin of coins) onCoin?.(coin)
    yield written(coins, writeCoin)
    count('coins', coins.length)
    coins = await pageOfCoins(sql, last.outpoint, PAGE)
  }
  let entries = await pageOfSettlements(sql, { outpoint: NOTHING, jobId: NOTHING, h2: NOTHING }, PAGE)
  for (let last = entries.at(-1); last !== undefined; last = entries.at(-1)) {
    yield written(entries, writeSettlement)
    count('settlements', entries.length)
    entries = await pageOfSettlements(sql, last, PAGE)
  }
  let bonds = await pageOfBonds(sql, NOTHING, PAGE)
  for (let last = bonds.at(-1); last !== undefined; last = bonds.at(-1)) {
    yield written(bonds, writeBond)
    count('bonds', bonds.length)
    bonds = await pageOfBonds(sql, last.outpoint, PAGE)
  }
  const end = new ByteWriter()
  writeEnd(end, counts)
  yield end.finish()
  return counts
}

function written<T>(rows: readonly T[], write: (writer: ByteWriter, row: T) => void): Uint8Array {
  const writer = new ByteWriter()
  for (const row of rows) write(writer, row)
  return writer.finish()
}
