import { isCoinbase, outPointKey } from '@camelid/codec'
import { settlementKey } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import { type Drop, storeDrops, withDescendants } from '../mempool/drop.ts'
import { learnFees } from '../mempool/fees/learn-fees.ts'
import { judgeAgain } from '../mempool/judge-again.ts'
import { adoptOrphans } from '../mempool/orphans/adopt-orphans.ts'
import { returnTransactions } from '../mempool/return-transactions.ts'
import type { ChainState } from './chain-state.ts'
import { loadMoved, type MovedBlock } from './moved-blocks.ts'
import type { TipChange } from './reorganise.ts'

/**
 * Brings the mempool in line with a new tip and tells who follows it. The database is told last: a crash in between
 * costs nothing, since the mempool is judged anew at start. What is in the blocks left the table of the mempool with their connect.
 */
export async function afterTipChange(state: ChainState, change: TipChange): Promise<void> {
  const dropped: Drop[][] = []
  await learnFees(state, change.connected)
  for (const moved of change.connected) dropped.push(await takeOut(state, moved))
  dropped.push(dropSettled(state, change))
  if (change.disconnected.length > 0) {
    for (const moved of change.disconnected.toReversed())
      await returnTransactions(state, [await loadMoved(state, moved)])
    dropped.push(await judgeAgain(state, [...state.mempool.values()]))
  } else {
    const verdicts = [...state.mempool.values()].filter((entry) => entry.byVerdict)
    dropped.push(await judgeAgain(state, verdicts))
  }
  state.bell.tipChanged()
  const drops = dropped.flat()
  if (drops.length > 0) {
    await state.sql.begin((sql) => storeDrops(sql, drops, state.clock.nowMs()))
    state.wakeOutbox()
  }
  await adoptOrphans(state, change.connected)
}

/** What is in a block waits no more; what spends an output that the block spent otherwise can never be mined on this branch. */
async function takeOut(state: ChainState, moved: MovedBlock): Promise<Drop[]> {
  const { block, txids } = await loadMoved(state, moved)
  const removed = txids.map((txid) => state.mempool.remove(bytesToHex(txid)))
  const roots: Drop[] = []
  for (const [position, transaction] of block.transactions.entries()) {
    // What was in the mempool itself had nothing there against it.
    if (isCoinbase(transaction) || removed[position] !== undefined) continue
    for (const { prevout } of transaction.vin) {
      const entry = state.mempool.spenderOf(outPointKey(prevout))
      if (entry !== undefined) roots.push({ entry, reason: 'CONFLICT' })
    }
  }
  return dropAll(state, roots)
}

/** What settles what a block settled can never be mined on this branch. */
function dropSettled(state: ChainState, { settled }: TipChange): Drop[] {
  const roots = settled
    .flatMap((one) => state.mempool.withSettlement(settlementKey(one)))
    .map((entry): Drop => ({ entry, reason: entry.byVerdict ? 'CONFLICT' : 'SLASHED' }))
  return dropAll(state, roots)
}

function dropAll(state: ChainState, roots: readonly Drop[]): Drop[] {
  const drops = withDescendants(state, roots)
  for (const { entry } of drops) state.mempool.remove(entry.key)
  return drops
}
