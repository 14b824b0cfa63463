import { isCoded } from '@camelid/errors'
import type { ChainState } from '../chain/chain-state.ts'
import { deleteEntries, listEntries } from '../store/mempool.ts'
import { findPlace } from '../store/transactions.ts'
import { type Drop, storeDrops } from './drop.ts'
import { newEntry, parseTransaction, refuseConflicts } from './new-entry.ts'

/** Reads the mempool as it was before the restart and judges it anew; what no longer holds is dropped. */
export async function loadMempool(state: ChainState): Promise<void> {
  const drops: Drop[] = []
  const confirmed: Uint8Array[] = []
  for (const stored of await listEntries(state.sql)) {
    const parsed = parseTransaction(stored.raw, state)
    if ((await findPlace(state.sql, parsed.txid)) !== undefined) {
      confirmed.push(parsed.txid)
      continue
    }
    try {
      refuseConflicts(state, parsed)
      const { entry } = await newEntry(state, parsed, { jobId: stored.jobId })
      state.mempool.add({ ...entry, addedAtMs: stored.addedAtMs })
    } catch (error) {
      if (!isCoded(error)) throw error
      const { tx, txid, key, raw } = parsed
      const entry = {
        tx,
        txid,
        key,
        raw,
        fee: 0n,
        sigops: 0,
        jobId: stored.jobId,
        settlement: null,
        byVerdict: false,
        addedAtMs: 0,
      }
      drops.push({ entry, reason: error.code === 'MISSING_INPUT' ? 'MISSING_INPUT' : 'INVALID' })
    }
  }
  await state.sql.begin(async (sql) => {
    await deleteEntries(sql, confirmed)
    await storeDrops(sql, drops, state.clock.nowMs())
  })
  if (state.mempool.size + drops.length > 0)
    state.log.info({ kept: state.mempool.size, dropped: drops.length }, 'read the mempool')
}
