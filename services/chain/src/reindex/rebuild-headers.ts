import { decodeHeader } from '@camelid/codec'
import {
  checkHeaderInContext,
  checkHeaderInIsolation,
  childNode,
  genesisNode,
  type HeaderNode,
  medianTimePast,
  type NetworkParams,
} from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import type { AnySql } from '@camelid/store'
import type { Report } from '../progress/report.ts'
import { type IndexedHeader, insertHeaders } from '../store/headers.ts'
import { gatherRawHeaders, linkRawBlocks, listRawDescendants } from '../store/raw-headers.ts'

/** Levels read at once. */
const DEPTH = 500
const MEDIAN_SPAN = 11

interface Place {
  readonly node: HeaderNode
  /** Of the last eleven headers up to it, the oldest first. */
  readonly times: readonly number[]
}

/** Gathers all known headers while the tables still have them; see `rebuildHeaders`. @returns blocks that were damaged and are forgotten */
export const gatherHeaders = gatherRawHeaders

/**
 * Within the transaction that emptied the table: judges the gathered headers from genesis up and files the good ones, with all that is kept
 * beside them. Those that turned out invalid before get another chance: that verdict may have come of the fault that is being mended.
 * @returns how many there are
 */
export async function rebuildHeaders(sql: AnySql, params: NetworkParams, report: Report): Promise<number> {
  let parents = new Map([[bytesToHex(params.genesisHash), genesisPlace(params)]])
  let filed = 1
  while (parents.size > 0) {
    const places = new Map(parents)
    const deepest = new Map<string, Place>()
    const fresh: IndexedHeader[] = []
    const hashes = [...parents.values()].map(({ node }) => node.hash)
    for (const { hash, header, depth } of await listRawDescendants(sql, hashes, DEPTH)) {
      const place = judge(places, decodeHeader(header), hash, params)
      if (place === undefined) continue
      places.set(bytesToHex(hash), place)
      if (depth === DEPTH) deepest.set(bytesToHex(hash), place)
      fresh.push(indexed(place))
    }
    if (fresh.length > 0) await insertHeaders(sql, fresh)
    filed += fresh.length
    report({ stage: 'headers', done: filed })
    parents = deepest
  }
  await linkRawBlocks(sql)
  return filed
}

function genesisPlace(params: NetworkParams): Place {
  return { node: genesisNode(params), times: [params.genesis.header.time] }
}

/** The place of a header on one that is known; undefined where it breaks a rule or what it builds on did. */
function judge(
  places: ReadonlyMap<string, Place>,
  header: IndexedHeader['header'],
  hash: Uint8Array,
  params: NetworkParams,
): Place | undefined {
  const parent = places.get(bytesToHex(header.prevHash))
  if (parent === undefined) return undefined
  try {
    checkHeaderInIsolation(header, params)
    const medianTime = medianTimePast(parent.times)
    // It was in time when it came.
    checkHeaderInContext(header, { parent: parent.node, medianTime, nowSeconds: header.time, params })
  } catch (error) {
    if (!isCoded(error)) throw error
    return undefined
  }
  return {
    node: childNode(parent.node, header, params, hash),
    times: [...parent.times, header.time].slice(-MEDIAN_SPAN),
  }
}

function indexed({ node, times }: Place): IndexedHeader {
  return { ...node, medianTime: medianTimePast(times), hasBlock: false, linked: false, invalid: false }
}
