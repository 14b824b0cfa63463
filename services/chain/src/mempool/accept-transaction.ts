import { displayHash, hasJob, type Transaction } from '@camelid/codec'
import { selectsVerdict } from '@camelid/consensus'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { findPlace } from '../store/transactions.ts'
import { newEntry, type ParsedTransaction, parseTransaction, refuseConflicts } from './new-entry.ts'
import { putEntry } from './put-entry.ts'
import { settledOtherwise } from './settled-otherwise.ts'

/**
 * Takes a transaction into the mempool, or says by name why not. Runs in the writer.
 * @returns its id, and whether it was here before
 * @throws CodecError, ConsensusError, ScriptError; ChainError RESERVED, MEMPOOL_CONFLICT, FEE_TOO_LOW, MEMPOOL_FULL, TOO_MANY_ANCESTORS,
 *   JOB_TRANSACTION
 */
export async function acceptTransaction(
  state: ChainState,
  raw: Uint8Array,
  { fromPeer }: { readonly fromPeer: boolean },
): Promise<{ txid: Uint8Array; known: boolean }> {
  const parsed = parseTransaction(raw, state)
  if (await isKnown(state, parsed)) return { txid: parsed.txid, known: true }
  if (fromPeer && hasJob(parsed.tx) && !mayBeSlash(parsed.tx))
    throw new ChainError(
      'JOB_TRANSACTION',
      `${displayHash(parsed.txid)} pays for a job: it comes through the job, not by relay`,
    )
  refuseConflicts(state, parsed)
  const { entry } = await newEntry(state, parsed, { jobId: null })
  await putEntry(state, entry, settledOtherwise(state, entry))
  return { txid: parsed.txid, known: false }
}

async function isKnown(state: ChainState, { key, txid }: ParsedTransaction): Promise<boolean> {
  return state.mempool.get(key) !== undefined || (await findPlace(state.sql, txid)) !== undefined
}

function mayBeSlash(tx: Transaction): boolean {
  const [input] = tx.vin
  return tx.vin.length === 1 && input !== undefined && selectsVerdict(input.scriptSig)
}
