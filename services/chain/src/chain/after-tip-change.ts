import { isCoinbase, outPointKey } from '@camelid/codec'
import { settlementKey } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import { type Drop, storeDrops, withDescendants } from '../mempool/drop.ts'
import { judgeAgain } from '../mempool/judge-again.ts'
import { returnTransactions } from '../mempool/return-transactions.ts'
import { deleteEntries } from '../store/mempool.ts'
import type { LoadedBlock } from './block-cache.ts'
import type { ChainState } from './chain-state.ts'
import type { TipChange } from './reorganise.ts'

/**
 * Brings the mempool in line with a new tip and tells who follows it. The database is told last: a crash in between
 * costs nothing, since the mempool is judged anew at start.
 */
export async function afterTipChange(state: ChainState, change: TipChange): Promise<void> {
  const confirmed = takeConfirmed(state, change.connected)
  const drops = dropConflicts(state, change)
  if (change.disconnected.length > 0) {
    await returnTransactions(state, change.disconnected)
    drops.push(...(await judgeAgain(state, [...state.mempool.values()])))
  } else {
    const verdicts = [...state.mempool.values()].filter((entry) => entry.byVerdict)
    drops.push(...(await judgeAgain(state, verdicts)))
  }
  state.bell.tipChanged()
  if (confirmed.length === 0 && drops.length === 0) return
  await state.sql.begin(async (sql) => {
    await deleteEntries(sql, confirmed)
    await storeDrops(sql, drops, state.clock.nowMs())
  })
  state.wakeOutbox()
}

/** What is in a block waits no more. */
function takeConfirmed({ mempool }: ChainState, connected: readonly LoadedBlock[]): Uint8Array[] {
  const confirmed: Uint8Array[] = []
  for (const txid of connected.flatMap(({ txids }) => txids)) {
    if (mempool.remove(bytesToHex(txid)) !== undefined) confirmed.push(txid)
  }
  return confirmed
}

/** What spends an output that a block spent otherwise, or settles what a block settled, can never be mined on this branch. */
function dropConflicts(state: ChainState, { connected, settled }: TipChange): Drop[] {
  const roots: Drop[] = []
  for (const transaction of connected.flatMap(({ block }) => block.transactions)) {
    if (isCoinbase(transaction)) continue
    for (const { prevout } of transaction.vin) {
      const entry = state.mempool.spenderOf(outPointKey(prevout))
      if (entry !== undefined) roots.push({ entry, reason: 'CONFLICT' })
    }
  }
  for (const entry of settled.flatMap((one) => state.mempool.withSettlement(settlementKey(one))))
    roots.push({ entry, reason: entry.byVerdict ? 'CONFLICT' : 'SLASHED' })
  const drops = withDescendants(state, roots)
  for (const { entry } of drops) state.mempool.remove(entry.key)
  return drops
}
