import { displayHash } from '@camelid/codec'
import {
  checkHeaderInContext,
  checkHeaderInIsolation,
  childNode,
  genesisNode,
  type HeaderNode,
  medianTimePast,
  type NetworkParams,
} from '@camelid/consensus'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import type { AnySql } from '@camelid/store'
import type { Report } from '../progress/report.ts'
import { listBestPlaces } from '../store/audit.ts'
import { findHeaders, type IndexedHeader } from '../store/headers.ts'
import { findTip } from '../store/tip.ts'
import { Finding } from './finding.ts'

const PAGE = 1_000
const MEDIAN_SPAN = 11

export interface ChainOptions {
  readonly params: NetworkParams
  readonly report: Report
  readonly signal: AbortSignal
}

/**
 * The best chain from genesis to the tip: each header builds on the one before it, has its work done and its difficulty right, and what is
 * stored beside it (sum of work, median time, anchor) is what follows from the headers. @returns the tip @throws Finding
 */
export async function checkChain(sql: AnySql, { params, report, signal }: ChainOptions): Promise<HeaderNode> {
  const top = await findTip(sql)
  const times: number[] = []
  let parent: HeaderNode | undefined
  for (let next = 0; ; ) {
    signal.throwIfAborted()
    const places = await listBestPlaces(sql, next, PAGE)
    const hashes = places.map(({ hash }) => hash)
    const stored = new Map((await findHeaders(sql, hashes)).map((node) => [bytesToHex(node.hash), node]))
    for (const { height, hash } of places) {
      if (height !== next)
        throw new Finding('BROKEN_CHAIN', `the best chain has no block at height ${next}`, { data: { height: next } })
      parent = step(stored.get(bytesToHex(hash)), { height, hash, parent, times, params })
      times.push(parent.header.time)
      if (times.length > MEDIAN_SPAN) times.shift()
      next++
    }
    report({ stage: 'headers', done: next })
    if (places.length < PAGE) break
  }
  if (parent === undefined || top === undefined || !equalBytes(parent.hash, top.hash))
    throw new Finding('WRONG_TIP', 'the tip is not the last block of the best chain')
  return parent
}

interface Step {
  readonly height: number
  readonly hash: Uint8Array
  readonly parent: HeaderNode | undefined
  /** Of the eleven headers before, the oldest first. */
  readonly times: readonly number[]
  readonly params: NetworkParams
}

function step(stored: IndexedHeader | undefined, { height, hash, parent, times, params }: Step): HeaderNode {
  const at = { data: { height, block: displayHash(hash) } }
  const where = `block ${displayHash(hash)} at height ${height}`
  if (stored === undefined) throw new Finding('HEADER_MISSING', `${where} has no header`, at)
  if (
    !equalBytes(
      judged(() => checkHeaderInIsolation(stored.header, params), where, at),
      hash,
    )
  )
    throw new Finding('HEADER_DAMAGED', `${where}: its header has another hash`, at)
  if (stored.invalid) throw new Finding('BROKEN_CHAIN', `${where} is noted as invalid`, at)
  const node = judged(
    () => (parent === undefined ? first(stored, params) : childOf(parent, stored, times, params)),
    where,
    at,
  )
  const medianTime = medianTimePast([...times, node.header.time])
  const { anchor } = node
  if (stored.work !== node.work)
    throw new Finding('WRONG_WORK', `${where}: its sum of work is not that of its chain`, at)
  if (
    stored.height !== height ||
    stored.medianTime !== medianTime ||
    stored.anchor.height !== anchor.height ||
    stored.anchor.parentTime !== anchor.parentTime ||
    stored.anchor.bits !== anchor.bits
  )
    throw new Finding('HEADER_DAMAGED', `${where}: height, median time or anchor beside its header are wrong`, at)
  return node
}

function first(stored: IndexedHeader, params: NetworkParams): HeaderNode {
  if (!equalBytes(stored.hash, params.genesisHash))
    throw new Finding('BROKEN_CHAIN', `the best chain does not begin with the genesis block of ${params.name}`)
  return genesisNode(params)
}

function childOf(
  parent: HeaderNode,
  { header, hash }: IndexedHeader,
  times: readonly number[],
  params: NetworkParams,
): HeaderNode {
  // It was in time when it came; how far it lay ahead of the clock then cannot be known any more.
  checkHeaderInContext(header, { parent, medianTime: medianTimePast(times), nowSeconds: header.time, params })
  return childNode(parent, header, params, hash)
}

/** A broken rule is a finding, with the rule's name. */
function judged<T>(rule: () => T, where: string, at: { data: Record<string, string | number> }): T {
  try {
    return rule()
  } catch (error) {
    if (!isCoded(error) || error instanceof Finding) throw error
    throw new Finding('BROKEN_CHAIN', `${where}: ${error.message}`, {
      data: { ...at.data, rule: error.code },
      cause: error,
    })
  }
}
