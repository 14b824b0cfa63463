import type { NetworkParams } from '@camelid/consensus'
import type { Sql, TransactionSql } from '@camelid/store'
import { insertGenesis } from '../chain/open-chain.ts'
import type { Report } from '../progress/report.ts'
import { prunedError } from '../prune/missing-block.ts'
import { findHeader } from '../store/headers.ts'
import { findPrunedHeight } from '../store/pruned.ts'
import {
  findBestTop,
  findReindex,
  insertReindex,
  numberTip,
  type StoredReindex,
  truncateMade,
} from '../store/reindex.ts'
import { findTip } from '../store/tip.ts'
import { gatherHeaders, rebuildHeaders } from './rebuild-headers.ts'

/** Blocks so far below the tip that was are spared their scripts, which held once; `full` spares none. */
const TRUSTED_DEPTH = 1_000

export interface BeginOptions {
  readonly params: NetworkParams
  readonly full: boolean
  /** Unix milliseconds. */
  readonly nowMs: number
  readonly report: Report
}

export interface Begun {
  /** Blocks whose bytes were damaged: they are asked for again. */
  readonly forgotten: number
}

/**
 * One transaction: empties all that is made from the blocks, files the headers anew and notes that a reindex is on, which `followBlocks`
 * and `finishReindex` then do. Where one is on already nothing changes. @throws ChainError PRUNED
 */
export async function beginReindex(sql: Sql, options: BeginOptions): Promise<Begun> {
  return await sql.begin(async (tx) => {
    if ((await findReindex(tx)) !== undefined) return { forgotten: 0 }
    const pruned = await findPrunedHeight(tx)
    if (pruned >= 0) throw prunedError('every block', pruned)
    const { version, ...announced } = await findAnnounced(tx, options)
    await insertReindex(tx, announced)
    const forgotten = await gatherHeaders(tx)
    await truncateMade(tx)
    await insertGenesis(tx, options.params)
    await numberTip(tx, version)
    await rebuildHeaders(tx, options.params, options.report)
    return { forgotten }
  })
}

/** The tip as it was told to others. Where it is lost the best chain tells; its changes are numbered from the clock on then. */
async function findAnnounced(
  tx: TransactionSql,
  { params, full, nowMs }: BeginOptions,
): Promise<StoredReindex & { readonly version: bigint }> {
  const tip = await findTip(tx)
  const header = tip === undefined ? undefined : await findHeader(tx, tip.hash)
  const { hash, height } = header ?? (await findBestTop(tx)) ?? { hash: params.genesisHash, height: 0 }
  return {
    announcedHash: hash,
    announcedHeight: height,
    trustedHeight: full ? -1 : height - TRUSTED_DEPTH,
    version: tip?.version ?? BigInt(nowMs),
  }
}
