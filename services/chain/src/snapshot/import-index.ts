import { ByteWriter, MAX_MONEY } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import type { AnySql } from '@camelid/store'
import type { Report } from '../progress/report.ts'
import {
  type HistoryRecord,
  insertHistoryRecords,
  insertTransactionRecords,
  type TransactionRecord,
} from '../store/index-tables.ts'
import type { ByteSource } from './byte-source.ts'
import { type RecordKind, takeRecords } from './import-records.ts'
import { INDEX_RECORD, writeHistoryRecord, writeIndexEnd, writeTransactionRecord } from './index-records.ts'
import { damaged } from './snapshot-error.ts'

/** Transactions in a block at most: none is smaller than this many bytes would make it. */
const MAX_POSITION = 100_000

/** Within the import's transaction: takes the index of transactions and the history of addresses. @throws SnapshotError SNAPSHOT_DAMAGED */
export async function importIndex(sql: AnySql, source: ByteSource, tip: number, report: Report): Promise<void> {
  let tag = (await source.take(1)).readUInt8()
  const take = async <T>(kind: RecordKind<T>, stage: string): Promise<bigint> => {
    const records = takeRecords(source, tag, kind)
    for (;;) {
      const step = await records.next()
      if (step.done) {
        tag = step.value.tag
        return step.value.count
      }
      report({ stage, done: source.offset })
    }
  }
  const transactions = await take(transactionKind(sql, tip), 'transactions')
  const history = await take(historyKind(sql, tip), 'history')
  const end = new ByteWriter()
  writeIndexEnd(end, { transactions, history })
  const said = Buffer.concat([Buffer.of(tag), await source.take(end.length - 1)])
  if (!equalBytes(said, end.finish())) throw damaged('its index does not end as it should')
}

function within(value: number, most: number): number {
  if (value > most) throw damaged(`its index names a place that is not in its chain`)
  return value
}

function valueWithin(value: bigint): bigint {
  // An address may take part in a transaction with several outputs, yet never with more than there is.
  if (value > MAX_MONEY) throw damaged(`a value of ${value} base units is more than all there are`)
  return value
}

const transactionKind = (sql: AnySql, tip: number): RecordKind<TransactionRecord> => ({
  tag: INDEX_RECORD.transaction,
  fixed: 40,
  key: 32,
  read: (reader) => ({
    txid: reader.bytes(32),
    height: within(reader.u32(), tip),
    position: within(reader.u32(), MAX_POSITION),
  }),
  write: writeTransactionRecord,
  insert: (rows) => insertTransactionRecords(sql, rows),
})

const historyKind = (sql: AnySql, tip: number): RecordKind<HistoryRecord> => ({
  tag: INDEX_RECORD.history,
  fixed: 76,
  // Heights and positions are little-endian: their order is judged by the table, which takes each place once.
  key: 0,
  read: (reader) => ({
    h2: reader.bytes(20),
    height: within(reader.u32(), tip),
    position: within(reader.u32(), MAX_POSITION),
    txid: reader.bytes(32),
    received: valueWithin(reader.u64()),
    sent: valueWithin(reader.u64()),
  }),
  write: writeHistoryRecord,
  insert: (rows) => insertHistoryRecords(sql, rows),
})
