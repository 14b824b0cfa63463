import { CodecError } from '@camelid/codec'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { addToOutbox } from '@camelid/events'
import type { TransactionSql } from '@camelid/store'
import { loadBlock } from '../chain/block-cache.ts'
import { connectedEvent } from '../chain/block-events.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import type { Report } from '../progress/report.ts'
import { clearForImport, linkBestChain, setFlushed } from '../store/import.ts'
import { setPrunedHeight } from '../store/pruned.ts'
import { moveTip } from '../store/tip.ts'
import { verifyState } from '../verify/verify-state.ts'
import { ByteSource } from './byte-source.ts'
import { checkPlace } from './check-place.ts'
import { decodePlace, decodePrefix, PLACE_BYTES, PREFIX_BYTES, type SnapshotPlace } from './format.ts'
import { importBlocks } from './import-blocks.ts'
import { importHeaders } from './import-headers.ts'
import { importIndex } from './import-index.ts'
import { importState } from './import-state.ts'
import { damaged, SnapshotError } from './snapshot-error.ts'

export interface ImportOptions {
  readonly chunks: AsyncIterable<Uint8Array>
  /** The hash that the snapshot has to have; undefined: whatever it says of itself. */
  readonly wanted: Uint8Array | undefined
  readonly report: Report
  readonly signal: AbortSignal
}

export interface Imported extends SnapshotPlace {
  /** SHA-256 of the snapshot's body. */
  readonly hash: Uint8Array
  /** Bytes of the file. */
  readonly size: number
}

/**
 * One transaction: takes a snapshot (see FORMAT) into a database that has no block but genesis. Headers are judged as from a peer, everything
 * must have the hash that was asked for, and `verifyState` must be content with the outcome; else nothing of it stays.
 * @throws SnapshotError
 */
export async function importSnapshot(state: ChainState, options: ImportOptions): Promise<Imported> {
  const imported = await write(state, async () => {
    if (state.tip.node.height > 0)
      throw new SnapshotError(
        'DATABASE_NOT_EMPTY',
        `the database has a chain of height ${state.tip.node.height}: a snapshot goes into an empty one only`,
      )
    try {
      return await state.sql.begin((sql) => takeAll(sql, state, options))
    } catch (error) {
      throw asDamaged(error)
    } finally {
      state.suspect = true
    }
  })
  // Reads the new tip, and tells who follows it.
  await write(state, () => Promise.resolve())
  state.wakeOutbox()
  return imported
}

async function takeAll(sql: TransactionSql, state: ChainState, options: ImportOptions): Promise<Imported> {
  const { params } = state
  const { report } = options
  const source = new ByteSource(options.chunks)
  const said = decodePrefix(await source.take(PREFIX_BYTES), params)
  if (options.wanted !== undefined && !equalBytes(said, options.wanted))
    throw new SnapshotError(
      'SNAPSHOT_HASH',
      `the snapshot has hash ${bytesToHex(said)}, asked for was ${bytesToHex(options.wanted)}: it is another one`,
    )
  source.startHash()
  const place = checkPlace(decodePlace(await source.take(PLACE_BYTES)), params)
  await clearForImport(sql)
  const nowSeconds = Math.floor(state.clock.nowMs() / 1000)
  const tip = await importHeaders(sql, source, { place, params, nowSeconds, report })
  await importState(sql, source, place, report)
  await importIndex(sql, source, place.height, report)
  await linkBestChain(sql)
  const newest = await importBlocks(sql, source, place, report)
  if (!(await source.atEnd())) throw damaged('something follows its end')
  if (!equalBytes(source.finishHash(), said)) throw damaged('it does not have the hash it says it has')
  if (place.first > 1) await setPrunedHeight(sql, place.first - 1)
  const version = state.tip.version + BigInt(place.height)
  await setFlushed(sql, tip)
  await moveTip(sql, { hash: state.tip.node.hash, version: state.tip.version }, { hash: tip.hash, version })
  await addToOutbox(sql, [connectedEvent(tip, loadBlock(newest).txids, version)])
  await requireSound(sql, state, place, options)
  return { ...place, hash: said, size: source.offset }
}

/** What no hash says: that the tables fit each other. */
async function requireSound(
  sql: TransactionSql,
  { params }: ChainState,
  place: SnapshotPlace,
  { report, signal }: ImportOptions,
): Promise<void> {
  const { hash } = await verifyState(sql, {
    params,
    report,
    signal,
    checked: ({ name, finding }) =>
      finding === undefined ? Promise.resolve() : Promise.reject(damaged(`${name}: ${finding.message}`, finding)),
  })
  if (!equalBytes(hash, place.stateHash)) throw damaged('its state does not have the hash it says it has')
}

/** What cannot be parsed, and what the tables do not take: values that fit no column, or stand twice (SQLSTATE classes 22 and 23). */
function asDamaged(error: unknown): unknown {
  if (error instanceof CodecError) return damaged(error.message, error)
  if (isCoded(error) || !(error instanceof Error) || !('code' in error)) return error
  const isRefused = typeof error.code === 'string' && /^2[23]/.test(error.code)
  return isRefused ? damaged('the tables do not take what it says', error) : error
}
