import { setImmediate } from 'node:timers/promises'
import { displayHash } from '@camelid/codec'
import { type NetworkParams, settlementKey } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { AnySql } from '@camelid/store'
import type { Report } from '../progress/report.ts'
import {
  countHistory,
  countHistoryAmong,
  countTransactions,
  findPlaces,
  listBestPlaces,
  loadBodies,
} from '../store/audit.ts'
import { findCoins } from '../store/coins.ts'
import { findSettlements } from '../store/settlements.ts'
import { auditBlock, type BlockAudit } from './audit-block.ts'
import { Finding } from './finding.ts'

/** Places looked up at once; their blocks are read in batches of this many bytes, or one. */
const PAGE = 500
const BATCH_BYTES = 8 * 1024 * 1024

/** The parts of the database that are held against the blocks; each may be at fault by itself. */
export type BlockCheck = 'undo' | 'transactions' | 'history' | 'coins spent' | 'settlements'

export interface BlocksSummary {
  /** The first fault of each part. */
  readonly findings: ReadonlyMap<BlockCheck, Finding>
  readonly blocks: number
  readonly transactions: bigint
  /** Entries of the history of addresses. */
  readonly history: bigint
  readonly settlements: bigint
  /** Spendable value made and not spent by these blocks, base units. */
  readonly supply: bigint
}

/** Holds every block from height `from` up against undo data, index of transactions, unspent outputs and settlement entries. */
export async function checkBlocks(
  sql: AnySql,
  options: {
    readonly params: NetworkParams
    readonly from: number
    readonly to: number
    readonly report: Report
    readonly signal: AbortSignal
  },
): Promise<BlocksSummary> {
  const { params, from, to, report, signal } = options
  const findings = new Map<BlockCheck, Finding>()
  const total = { blocks: 0, transactions: 0n, history: 0n, settlements: 0n, supply: 0n }
  for await (const hashes of batches(sql, from)) {
    signal.throwIfAborted()
    const audits: BlockAudit[] = []
    for (const body of await loadBodies(sql, hashes)) {
      // A full block takes a good part of a second: whoever else asks the service has a turn in between.
      await setImmediate()
      await noted(findings, 'undo', async () => {
        audits.push(auditBlock(body, params))
      })
    }
    await noted(findings, 'transactions', () => checkIndex(sql, audits))
    await noted(findings, 'history', () => checkHistory(sql, audits))
    await noted(findings, 'coins spent', () => checkSpent(sql, audits))
    await noted(findings, 'settlements', () => checkSettlements(sql, audits))
    total.blocks += hashes.length
    for (const audit of audits) {
      total.transactions += BigInt(audit.txids.length)
      total.history += BigInt(audit.history.length)
      total.settlements += BigInt(audit.settlements.length)
      total.supply += audit.gain
    }
    report({ stage: 'blocks', done: from + total.blocks, total: to + 1 })
  }
  await noted(findings, 'transactions', () => checkIndexSize(sql, from, total.transactions))
  await noted(findings, 'history', () => checkHistorySize(sql, from, total.history))
  return { ...total, findings }
}

/** Hashes of the best chain from a height up, so many at a time as fit. */
async function* batches(sql: AnySql, from: number): AsyncGenerator<Uint8Array[]> {
  for (let next = from; ; next += PAGE) {
    const places = await listBestPlaces(sql, next, PAGE)
    let batch: Uint8Array[] = []
    let bytes = 0
    for (const { hash, size } of places) {
      if (batch.length > 0 && bytes + size > BATCH_BYTES) {
        yield batch
        batch = []
        bytes = 0
      }
      batch.push(hash)
      bytes += size
    }
    if (batch.length > 0) yield batch
    if (places.length < PAGE) return
  }
}

/** Only a part's first fault counts: what follows it would be noise. */
async function noted(findings: Map<BlockCheck, Finding>, part: BlockCheck, check: () => Promise<void>): Promise<void> {
  if (findings.has(part)) return
  try {
    await check()
  } catch (error) {
    if (!(error instanceof Finding)) throw error
    findings.set(part, error)
  }
}

async function checkIndex(sql: AnySql, audits: readonly BlockAudit[]): Promise<void> {
  const txids = audits.flatMap((audit) => audit.txids)
  const places = new Map((await findPlaces(sql, txids)).map((place) => [bytesToHex(place.txid), place]))
  for (const { height, txids } of audits)
    txids.forEach((txid, position) => {
      const place = places.get(bytesToHex(txid))
      if (place?.height !== height || place.position !== position)
        throw new Finding('INDEX_MISMATCH', `the index of transactions lacks or misplaces ${displayHash(txid)}`, {
          data: { txid: displayHash(txid), height },
        })
    })
}

async function checkIndexSize(sql: AnySql, from: number, transactions: bigint): Promise<void> {
  const indexed = await countTransactions(sql, from)
  if (indexed !== transactions)
    throw new Finding('INDEX_MISMATCH', `the index has ${indexed} transactions where the blocks have ${transactions}`, {
      data: { indexed, transactions },
    })
}

async function checkHistory(sql: AnySql, audits: readonly BlockAudit[]): Promise<void> {
  const entries = audits.flatMap((audit) => audit.history)
  const found = await countHistoryAmong(sql, entries)
  if (found !== BigInt(entries.length))
    throw new Finding(
      'INDEX_MISMATCH',
      `the history of addresses has ${found} of the ${entries.length} entries of blocks ${audits[0]?.height} to ${audits.at(-1)?.height}`,
    )
}

async function checkHistorySize(sql: AnySql, from: number, entries: bigint): Promise<void> {
  const filed = await countHistory(sql, from)
  if (filed !== entries)
    throw new Finding('INDEX_MISMATCH', `the history has ${filed} entries where the blocks make ${entries}`, {
      data: { filed, entries },
    })
}

async function checkSpent(sql: AnySql, audits: readonly BlockAudit[]): Promise<void> {
  const [coin] = await findCoins(
    sql,
    audits.flatMap((audit) => audit.spent),
  )
  if (coin !== undefined)
    throw new Finding('SPENT_COIN', `output ${bytesToHex(coin.outpoint)} is spent, and still in the set of coins`)
}

async function checkSettlements(sql: AnySql, audits: readonly BlockAudit[]): Promise<void> {
  const entries = audits.flatMap((audit) => audit.settlements)
  const found = new Set((await findSettlements(sql, entries)).map(settlementKey))
  const missing = entries.find((entry) => !found.has(settlementKey(entry)))
  if (missing !== undefined)
    throw new Finding('SETTLEMENT_MISMATCH', `the settlement ${settlementKey(missing)} is not in the set`)
}
