import { outPointKey } from '@camelid/codec'
import type { SpentOutput } from '@camelid/consensus'
import type { Sql, TransactionSql } from '@camelid/store'
import { ChainError } from '../chain-error.ts'
import { findBestBlock, findUndo } from '../store/blocks.ts'
import { findHistoryBackfill, insertHistory, moveHistoryBackfill } from '../store/history.ts'
import { type LoadedBlock, loadBlock } from './block-cache.ts'
import { type BlockSpent, blockHistory } from './block-history.ts'
import type { ChainState } from './chain-state.ts'
import { keyOf } from './coin-view.ts'
import { decodeUndo } from './undo-data.ts'

/** Blocks filed in one transaction. */
const STEP = 100

/**
 * Files the history of the blocks that were connected by a release without one. Once in a database's life; a restart in between goes on
 * where the last one was.
 * @throws ChainError CORRUPT_DATABASE
 */
export async function backfillHistory({ sql, log }: Pick<ChainState, 'sql' | 'log'>, signal: AbortSignal) {
  for (;;) {
    const first = await findHistoryBackfill(sql)
    if (first === undefined) return
    signal.throwIfAborted()
    log.info({ height: first }, 'filing the history of addresses, once for blocks that are here already')
    await fileStep(sql, first)
  }
}

async function fileStep(sql: Sql, first: number): Promise<void> {
  await sql.begin(async (transaction) => {
    for (let height = first; height < first + STEP; height++) {
      if (!(await fileBlock(transaction, height))) return await moveHistoryBackfill(transaction, undefined)
    }
    await moveHistoryBackfill(transaction, first + STEP)
  })
}

/** @returns false above the tip */
async function fileBlock(sql: TransactionSql, height: number): Promise<boolean> {
  const raw = await findBestBlock(sql, height)
  if (raw === undefined) return false
  const undo = await findUndo(sql, raw.hash)
  if (undo === undefined)
    throw new ChainError(
      'CORRUPT_DATABASE',
      `undo data of the block at height ${height} is missing: start from an empty database`,
    )
  const loaded = loadBlock(raw.raw)
  await insertHistory(sql, height, blockHistory(loaded, spentBy(loaded, height, undo)))
  return true
}

/** What a connected block spent: coins from below by its undo data, or outputs of its own. */
function spentBy({ block, txids }: LoadedBlock, height: number, undo: Uint8Array): BlockSpent {
  const coins = new Map<string, SpentOutput>()
  for (const { outpoint, value, scriptPubKey, height: at, coinbase } of decodeUndo(undo))
    coins.set(keyOf(outpoint), { output: { value, scriptPubKey }, height: at, coinbase })
  return block.transactions.map(({ vin, vout }, position) => {
    const spent = position === 0 ? [] : vin.map(({ prevout }) => coins.get(outPointKey(prevout)) ?? null)
    const txid = txids[position]
    if (txid !== undefined)
      for (const [index, output] of vout.entries())
        coins.set(outPointKey({ txid, index }), { output, height, coinbase: position === 0 })
    return spent
  })
}
