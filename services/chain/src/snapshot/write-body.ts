import { ByteWriter } from '@camelid/codec'
import type { AnySql } from '@camelid/store'
import type { Report } from '../progress/report.ts'
import { listBestPlaces, loadBodies } from '../store/audit.ts'
import { listBestHeaders } from '../store/headers.ts'
import { pageOfHistory, pageOfTransactions } from '../store/index-tables.ts'
import { stateRecords } from '../verify/state-stream.ts'
import { encodePlace, MAX_UNDO_BYTES, type SnapshotPlace } from './format.ts'
import { writeHistoryRecord, writeIndexEnd, writeTransactionRecord } from './index-records.ts'
import { damaged } from './snapshot-error.ts'

const HEADERS = 2_000
const PAGE = 5_000
const NOTHING = new Uint8Array()

interface Options {
  readonly report: Report
  readonly signal: AbortSignal
}

/** All of a snapshot that its hash is made over (see FORMAT), in pieces of a few megabytes at most. */
export async function* snapshotBody(
  sql: AnySql,
  place: SnapshotPlace,
  options: Options,
): AsyncGenerator<Uint8Array, void> {
  yield encodePlace(place)
  for (let next = 1; next <= place.height; next += HEADERS) {
    options.signal.throwIfAborted()
    yield Buffer.concat(await listBestHeaders(sql, next, HEADERS))
    options.report({ stage: 'headers', done: Math.min(next + HEADERS, place.height + 1), total: place.height + 1 })
  }
  yield* stateRecords(sql, options)
  yield* indexRecords(sql, options)
  yield* blocks(sql, place, options)
}

async function* indexRecords(sql: AnySql, { report, signal }: Options): AsyncGenerator<Uint8Array, void> {
  const counts = { transactions: 0n, history: 0n }
  let transactions = await pageOfTransactions(sql, NOTHING, PAGE)
  for (let last = transactions.at(-1); last !== undefined; last = transactions.at(-1)) {
    signal.throwIfAborted()
    const writer = new ByteWriter()
    for (const row of transactions) writeTransactionRecord(writer, row)
    yield writer.finish()
    counts.transactions += BigInt(transactions.length)
    report({ stage: 'transactions', done: Number(counts.transactions) })
    transactions = await pageOfTransactions(sql, last.txid, PAGE)
  }
  let history = await pageOfHistory(sql, { h2: NOTHING, height: 0, position: 0 }, PAGE)
  for (let last = history.at(-1); last !== undefined; last = history.at(-1)) {
    signal.throwIfAborted()
    const writer = new ByteWriter()
    for (const row of history) writeHistoryRecord(writer, row)
    yield writer.finish()
    counts.history += BigInt(history.length)
    report({ stage: 'history', done: Number(counts.history) })
    history = await pageOfHistory(sql, last, PAGE)
  }
  const end = new ByteWriter()
  writeIndexEnd(end, counts)
  yield end.finish()
}

async function* blocks(
  sql: AnySql,
  { first, height }: SnapshotPlace,
  { report, signal }: Options,
): AsyncGenerator<Uint8Array, void> {
  for (let next = first; next <= height; next += HEADERS) {
    for (const { hash } of await listBestPlaces(sql, next, HEADERS)) {
      signal.throwIfAborted()
      const [body] = await loadBodies(sql, [hash])
      const { raw, undo } = body ?? {}
      if (body === undefined || !raw || !undo) throw damaged(`a block of the last ${height - first + 1} is not here`)
      if (undo.length > MAX_UNDO_BYTES)
        throw damaged(`undo data of ${undo.length} bytes, at most ${MAX_UNDO_BYTES} fit`)
      yield new ByteWriter().u32(raw.length).bytes(raw).u32(undo.length).bytes(undo).finish()
      report({ stage: 'blocks', done: body.height - first + 1, total: height - first + 1 })
    }
  }
}
