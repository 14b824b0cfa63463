import { MAX_BLOCK_BYTES } from '@camelid/codec'
import type { AnySql } from '@camelid/store'
import type { Report } from '../progress/report.ts'
import { listBestPlaces } from '../store/audit.ts'
import { insertBlock, insertUndo } from '../store/blocks.ts'
import type { ByteSource } from './byte-source.ts'
import { MAX_UNDO_BYTES, type SnapshotPlace } from './format.ts'
import { damaged } from './snapshot-error.ts'

const PAGE = 1_000

/**
 * Within the import's transaction: takes the newest blocks with their undo data. That they are those of the headers and fit the rest is
 * judged afterwards, with everything else. @returns the bytes of the newest @throws SnapshotError SNAPSHOT_DAMAGED
 */
export async function importBlocks(
  sql: AnySql,
  source: ByteSource,
  { first, height }: SnapshotPlace,
  report: Report,
): Promise<Uint8Array> {
  let newest = new Uint8Array()
  for (let next = first; next <= height; next += PAGE) {
    for (const place of await listBestPlaces(sql, next, PAGE)) {
      newest = await takeBytes(source, MAX_BLOCK_BYTES, 'block')
      await insertBlock(sql, place.hash, newest)
      await insertUndo(sql, place.hash, await takeBytes(source, MAX_UNDO_BYTES, 'undo record'))
      report({ stage: 'blocks', done: place.height - first + 1, total: height - first + 1 })
    }
  }
  return newest
}

async function takeBytes(source: ByteSource, most: number, what: string): Promise<Uint8Array<ArrayBuffer>> {
  const length = (await source.take(4)).readUInt32LE()
  if (length > most) throw damaged(`a ${what} of ${length} bytes, at most ${most} are possible`)
  return new Uint8Array(await source.take(length))
}
