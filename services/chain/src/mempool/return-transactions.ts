import { encodeTransaction, hasJob, isCoinbase } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import type { LoadedBlock } from '../chain/block-cache.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { findKnown } from '../store/known-transactions.ts'
import { isRefusal, judgeBatch } from './judge-batch.ts'
import type { Entry } from './mempool.ts'
import { type MempoolChange, storeChange } from './mempool-change.ts'
import { type ParsedTransaction, refuseConflicts } from './new-entry.ts'
import { MAX_MEMPOOL_BYTES } from './policy.ts'
import { nextRound } from './rounds.ts'
import { settledOtherwise } from './settled-otherwise.ts'

/**
 * Takes the transactions of disconnected blocks back, the oldest first; those that no longer hold are left out. One that paid for a job
 * comes back as that job's reservation: it may be waiting for its lock time again. Runs in the writer.
 * @param disconnected the newest first
 */
export async function returnTransactions(state: ChainState, disconnected: readonly LoadedBlock[]): Promise<void> {
  const change: MempoolChange = { accepted: [], dropped: [] }
  for (const loaded of disconnected.toReversed()) {
    if (state.mempool.bytes > MAX_MEMPOOL_BYTES) break
    const known = new Set((await findKnown(state.sql, loaded.txids)).map(bytesToHex))
    let waiting = transactionsOf(loaded).filter(({ parsed }) => !known.has(parsed.key))
    while (waiting.length > 0) {
      const { now, later } = nextRound(waiting)
      await takeBack(state, now, change)
      waiting = later
    }
  }
  await storeChange(state, change)
}

async function takeBack(state: ChainState, round: readonly Returning[], change: MempoolChange): Promise<void> {
  const fresh = round.filter(({ parsed }) => state.mempool.get(parsed.key) === undefined)
  for (const [i, judged] of (await judgeBatch(state, fresh, { asMined: true })).entries()) {
    const parsed = fresh[i]?.parsed
    if (parsed === undefined) continue
    const refusal = isRefusal(judged) ? judged : place(state, parsed, judged.entry, change)
    if (refusal !== undefined)
      state.log.debug({ txid: parsed.key, code: refusal.code }, 'a transaction of a disconnected block does not return')
  }
}

/** What is in its way, if anything; `JOB_HELD` where its job has another reservation by now. */
function place(
  state: ChainState,
  parsed: ParsedTransaction,
  entry: Entry,
  change: MempoolChange,
): { readonly code: string } | undefined {
  try {
    // A spend by verdict has a job too, but reserves nothing.
    const kept = entry.byVerdict ? { ...entry, jobId: null } : entry
    if (kept.jobId !== null && state.mempool.reservationOf(kept.jobId) !== undefined) return { code: 'JOB_HELD' }
    refuseConflicts(state, parsed)
    if (settledOtherwise(state, kept).length > 0) return { code: 'SETTLED_OTHERWISE' }
    state.mempool.add(kept)
    change.accepted.push(kept)
    return undefined
  } catch (error) {
    if (!isCoded(error)) throw error
    return error
  }
}

interface Returning {
  readonly parsed: ParsedTransaction
  readonly jobId: Uint8Array | null
}

function transactionsOf({ block, txids }: LoadedBlock): Returning[] {
  return block.transactions.flatMap((tx, i) => {
    const txid = txids[i]
    if (txid === undefined || isCoinbase(tx)) return []
    const parsed = { tx, txid, key: bytesToHex(txid), raw: encodeTransaction(tx) }
    return [{ parsed, jobId: hasJob(tx) ? tx.jobId : null }]
  })
}
