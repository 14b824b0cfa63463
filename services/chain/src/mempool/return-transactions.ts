import { encodeTransaction, hasJob, isCoinbase } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { addToOutbox } from '@camelid/events'
import type { LoadedBlock } from '../chain/block-cache.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { insertEntry } from '../store/mempool.ts'
import { findPlace } from '../store/transactions.ts'
import { acceptedEvent } from './drop.ts'
import type { Entry } from './mempool.ts'
import { newEntry, type ParsedTransaction, refuseConflicts } from './new-entry.ts'
import { MAX_MEMPOOL_BYTES } from './policy.ts'
import { settledOtherwise } from './settled-otherwise.ts'

/**
 * Takes the transactions of disconnected blocks back, the oldest first; those that no longer hold are left out. One that paid for a job
 * comes back as that job's reservation: it may be waiting for its lock time again. Runs in the writer.
 * @param disconnected the newest first
 */
export async function returnTransactions(state: ChainState, disconnected: readonly LoadedBlock[]): Promise<void> {
  const returned: Entry[] = []
  for (const loaded of disconnected.toReversed()) {
    for (const parsed of transactionsOf(loaded)) {
      if (state.mempool.bytes > MAX_MEMPOOL_BYTES) break
      const entry = await takeBack(state, parsed)
      if (entry !== undefined) returned.push(entry)
    }
  }
  if (returned.length === 0) return
  await state.sql.begin(async (sql) => {
    for (const entry of returned) await insertEntry(sql, entry)
    await addToOutbox(sql, returned.map(acceptedEvent))
  })
}

async function takeBack(state: ChainState, parsed: ParsedTransaction): Promise<Entry | undefined> {
  try {
    if (state.mempool.get(parsed.key) !== undefined || (await findPlace(state.sql, parsed.txid)) !== undefined)
      return undefined
    const { entry } = await newEntry(state, parsed, {
      jobId: hasJob(parsed.tx) ? parsed.tx.jobId : null,
      asMined: true,
    })
    // A spend by verdict has a job too, but reserves nothing.
    const kept = entry.byVerdict ? { ...entry, jobId: null } : entry
    const reserved = kept.jobId === null ? undefined : state.mempool.reservationOf(kept.jobId)
    refuseConflicts(state, parsed)
    if (reserved !== undefined || settledOtherwise(state, kept).length > 0) return undefined
    state.mempool.add(kept)
    return kept
  } catch (error) {
    if (!isCoded(error)) throw error
    state.log.debug({ txid: parsed.key, code: error.code }, 'a transaction of a disconnected block does not return')
    return undefined
  }
}

function transactionsOf({ block, txids }: LoadedBlock): ParsedTransaction[] {
  return block.transactions.flatMap((tx, i) => {
    const txid = txids[i]
    if (txid === undefined || isCoinbase(tx)) return []
    return [{ tx, txid, key: bytesToHex(txid), raw: encodeTransaction(tx) }]
  })
}
