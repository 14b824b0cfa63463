import { decodeHeader, HEADER_BYTES } from '@camelid/codec'
import {
  checkHeaderInContext,
  checkHeaderInIsolation,
  childNode,
  genesisNode,
  medianTimePast,
  type NetworkParams,
} from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import type { AnySql } from '@camelid/store'
import type { Report } from '../progress/report.ts'
import { type IndexedHeader, insertHeaders } from '../store/headers.ts'
import { appendBestChain } from '../store/import.ts'
import type { ByteSource } from './byte-source.ts'
import type { SnapshotPlace } from './format.ts'
import { damaged } from './snapshot-error.ts'

const BATCH = 1_000
const MEDIAN_SPAN = 11

/**
 * Within the import's transaction: takes the headers up to the tip, judges each as if a peer had sent it (its work above all) and files them
 * as the best chain. @returns the tip @throws SnapshotError SNAPSHOT_DAMAGED
 */
export async function importHeaders(
  sql: AnySql,
  source: ByteSource,
  options: {
    readonly place: SnapshotPlace
    readonly params: NetworkParams
    readonly nowSeconds: number
    readonly report: Report
  },
): Promise<IndexedHeader> {
  const { place, params, nowSeconds, report } = options
  const times = [params.genesis.header.time]
  let tip: IndexedHeader = {
    ...genesisNode(params),
    medianTime: params.genesis.header.time,
    hasBlock: true,
    linked: true,
    invalid: false,
  }
  for (let next = 1; next <= place.height; next += BATCH) {
    const count = Math.min(BATCH, place.height - next + 1)
    const bytes = await source.take(count * HEADER_BYTES)
    const nodes: IndexedHeader[] = []
    for (let at = 0; at < bytes.length; at += HEADER_BYTES) {
      tip = judge(tip, bytes.subarray(at, at + HEADER_BYTES), { times, params, nowSeconds })
      nodes.push(tip)
    }
    await insertHeaders(sql, nodes)
    await appendBestChain(
      sql,
      next,
      nodes.map(({ hash }) => hash),
    )
    report({ stage: 'headers', done: next + count, total: place.height + 1 })
  }
  if (!equalBytes(tip.hash, place.tipHash)) throw damaged('its headers do not lead to its tip')
  return tip
}

/** The header on top of `parent`; `times` are those of the last eleven and move on with it. */
function judge(
  parent: IndexedHeader,
  bytes: Uint8Array,
  { times, params, nowSeconds }: { times: number[]; params: NetworkParams; nowSeconds: number },
): IndexedHeader {
  try {
    const header = decodeHeader(bytes)
    const hash = checkHeaderInIsolation(header, params)
    checkHeaderInContext(header, { parent, medianTime: parent.medianTime, nowSeconds, params })
    times.push(header.time)
    if (times.length > MEDIAN_SPAN) times.shift()
    const node = childNode(parent, header, params, hash)
    return { ...node, medianTime: medianTimePast(times), hasBlock: true, linked: true, invalid: false }
  } catch (error) {
    if (!isCoded(error)) throw error
    throw damaged(`its header at height ${parent.height + 1} breaks a rule: ${error.message}`, error)
  }
}
