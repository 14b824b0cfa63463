import { setImmediate } from 'node:timers/promises'
import {
  checkBlockInContext,
  type NetworkParams,
  type SettlementEntry,
  settlementEntry,
  settlementKey,
} from '@camelid/consensus'
import { addToOutbox } from '@camelid/events'
import type { TransactionSql } from '@camelid/store'
import { applyBlock } from '../coins/block-coins.ts'
import type { CoinSession } from '../coins/coin-session.ts'
import type { ScriptChecker } from '../scripts/script-checker.ts'
import { insertUndo } from '../store/blocks.ts'
import { insertBonds, spendBonds } from '../store/bonds.ts'
import type { IndexedHeader } from '../store/headers.ts'
import { insertHistory } from '../store/history.ts'
import { findSettlements, insertSettlements } from '../store/settlements.ts'
import { appendBest } from '../store/tip.ts'
import { insertTransactions } from '../store/transactions.ts'
import { bondsMade, bondsSpent } from './block-bonds.ts'
import type { LoadedBlock } from './block-cache.ts'
import { connectedEvent } from './block-events.ts'
import { type BlockSpent, blockHistory } from './block-history.ts'
import { inputKeys, namedBelow, spentBelow, spentOutputs } from './block-spending.ts'
import { loadMedianTimes } from './median-times.ts'
import { runBlockScripts } from './run-block-scripts.ts'
import type { Statements } from './statements.ts'
import { encodeUndo } from './undo-data.ts'

export interface ConnectOptions {
  readonly params: NetworkParams
  /** What the blocks of this transaction changed so far. */
  readonly coins: CoinSession
  readonly node: IndexedHeader
  readonly parent: IndexedHeader
  readonly loaded: LoadedBlock
  /** Of the tip once the block is connected: it makes the id of the event. */
  readonly version: bigint
  /** Whether to tell of it. */
  readonly announce: boolean
  readonly scripts: ScriptChecker
  /** Whether the block's scripts held before, as in a reindex; spends by verdict are judged anew in any case. */
  readonly held: boolean
}

/**
 * Within the caller's transaction: judges a block on top of the best chain and writes what it changes, a few statements for all of it,
 * without waiting for their answers: the caller waits for `statements`. All that needs no judgement is sent before it, so that the
 * database works meanwhile; should the block break a rule, the transaction takes it all back.
 * @returns what it settles
 * @throws ConsensusError, ScriptError
 */
export async function connectBlock(
  sql: TransactionSql,
  statements: Statements,
  options: ConnectOptions,
): Promise<readonly SettlementEntry[]> {
  const { node, loaded, coins } = options
  const { height } = node
  statements.add(
    insertTransactions(sql, height, loaded.txids),
    appendBest(sql, height, node.hash),
    addToOutbox(sql, options.announce ? [connectedEvent(node, loaded.txids, options.version)] : []),
  )
  // What was sent leaves before we go on, here and below.
  await setImmediate()
  const keys = inputKeys(loaded)
  const below = await coins.find(sql, namedBelow(loaded, keys))
  const spent = spentOutputs(loaded, { height, keys, below })
  statements.add(
    insertHistory(sql, height, blockHistory(loaded, spent)),
    insertUndo(sql, node.hash, encodeUndo(spentBelow(keys, below))),
    // The order counts: a bond that is made and spent in one block is both.
    insertBonds(sql, bondsMade(loaded, height)),
    spendBonds(sql, bondsSpent(loaded, spent), height),
  )
  await setImmediate()
  const settlements = await judgeInContext(sql, options, spent)
  await runBlockScripts(sql, options, spent)
  statements.add(insertSettlements(sql, settlements, height))
  applyBlock(coins, loaded, { height, keys, spent })
  return settlements
}

async function judgeInContext(
  sql: TransactionSql,
  { params, node, parent, loaded: { block } }: ConnectOptions,
  spent: BlockSpent,
): Promise<readonly SettlementEntry[]> {
  const spendings = block.transactions.map((tx, i) => ({ tx, spent: spent[i] ?? [] }))
  const entries = spendings.flatMap((spending) => {
    const outputs = spending.spent.flatMap((coin) => (coin === null ? [] : [coin.output]))
    return settlementEntry(spending.tx, outputs) ?? []
  })
  const taken = new Set((await findSettlements(sql, entries)).map(settlementKey))
  const { settlements } = checkBlockInContext(block, {
    height: node.height,
    medianTime: parent.medianTime,
    medianTimeAt: await loadMedianTimes(sql, spendings),
    params,
    spent,
    hasSettlement: (key) => taken.has(key),
  })
  return settlements
}
