import { isCoded } from '@camelid/errors'
import type { ChainState } from '../chain/chain-state.ts'
import { deleteEntries, listEntries, type StoredEntry } from '../store/mempool.ts'
import { findPlace } from '../store/transactions.ts'
import { type Drop, storeDrops } from './drop.ts'
import { newEntry, type ParsedTransaction, parseTransaction, refuseConflicts } from './new-entry.ts'

interface Waiting {
  readonly stored: StoredEntry
  readonly parsed: ParsedTransaction
}

/** Reads the mempool as it was before the restart and judges it anew; what no longer holds is dropped. */
export async function loadMempool(state: ChainState): Promise<void> {
  const confirmed: Uint8Array[] = []
  let waiting: Waiting[] = []
  for (const stored of await listEntries(state.sql)) {
    const parsed = parseTransaction(stored.raw, state)
    // A crash came between its block and its leaving the mempool.
    if ((await findPlace(state.sql, parsed.txid)) !== undefined) confirmed.push(parsed.txid)
    else waiting.push({ stored, parsed })
  }
  const drops: Drop[] = []
  let missing: Drop[] = []
  // A parent that returned from a disconnected block stands after its children: those get another turn.
  for (let before = -1; before !== state.mempool.size; ) {
    before = state.mempool.size
    missing = []
    const again: Waiting[] = []
    for (const one of waiting) {
      const drop = await takeIn(state, one)
      if (drop?.reason === 'MISSING_INPUT') {
        missing.push(drop)
        again.push(one)
      } else if (drop !== undefined) drops.push(drop)
    }
    waiting = again
  }
  drops.push(...missing)
  await state.sql.begin(async (sql) => {
    await deleteEntries(sql, confirmed)
    await storeDrops(sql, drops, state.clock.nowMs())
  })
  if (state.mempool.size + drops.length > 0)
    state.log.info({ kept: state.mempool.size, dropped: drops.length }, 'read the mempool')
}

async function takeIn(state: ChainState, { stored, parsed }: Waiting): Promise<Drop | undefined> {
  try {
    refuseConflicts(state, parsed)
    const { entry } = await newEntry(state, parsed, { jobId: stored.jobId })
    state.mempool.add({ ...entry, addedAtMs: stored.addedAtMs })
    return undefined
  } catch (error) {
    if (!isCoded(error)) throw error
    const unjudged = { fee: 0n, sigops: 0, settlement: null, byVerdict: false }
    return {
      entry: { ...parsed, ...unjudged, jobId: stored.jobId, addedAtMs: stored.addedAtMs },
      reason: error.code === 'MISSING_INPUT' ? 'MISSING_INPUT' : 'INVALID',
    }
  }
}
