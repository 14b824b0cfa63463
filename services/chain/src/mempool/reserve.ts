import { classifyScript } from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { newEntry, parseTransaction, refuseConflicts } from './new-entry.ts'
import { putEntry } from './put-entry.ts'
import { settledOtherwise } from './settled-otherwise.ts'

/**
 * Takes F into the mempool, where it reserves its inputs until it is mined, replaced or released (protocol: Job). Runs in the writer.
 * Asking twice with the same F is the same as asking once.
 * @throws CodecError, ConsensusError, ScriptError; ChainError RESERVATION_CONFLICT, BAD_RESERVATION, RESERVED, MEMPOOL_CONFLICT,
 *   FEE_TOO_LOW, MEMPOOL_FULL
 */
export async function reserve(state: ChainState, jobId: Uint8Array, raw: Uint8Array): Promise<Uint8Array> {
  const parsed = parseTransaction(raw, state)
  const { tx, txid } = parsed
  if (!equalBytes(tx.jobId, jobId)) throw new ChainError('BAD_RESERVATION', 'the funding transaction names another job')
  const present = state.mempool.reservationOf(jobId)
  if (present !== undefined) {
    if (equalBytes(present.txid, txid)) return txid
    throw new ChainError('RESERVATION_CONFLICT', 'the job has another reservation: release it first')
  }
  refuseConflicts(state, parsed)
  const { entry, spent } = await newEntry(state, parsed, { jobId })
  for (const [i, { output, height }] of spent.entries()) {
    if (height > state.tip.node.height)
      throw new ChainError('BAD_RESERVATION', `input ${i} is not confirmed yet: wait for its block`, { input: i })
    if (classifyScript(output.scriptPubKey).kind !== 'p2pkh')
      throw new ChainError('BAD_RESERVATION', `input ${i} is no P2PKH output`, { input: i })
  }
  await putEntry(state, entry, settledOtherwise(state, entry))
  return txid
}
