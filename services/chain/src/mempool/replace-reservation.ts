import { outPointKey, type Transaction } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { newEntry, parseTransaction, refuseConflicts } from './new-entry.ts'
import { putEntry } from './put-entry.ts'
import { settledOtherwise } from './settled-otherwise.ts'

/**
 * P takes the place of F: the same inputs, now paid to the node that committed (protocol: Job). Runs in the writer.
 * Asking twice with the same P is the same as asking once.
 * @throws CodecError, ConsensusError, ScriptError; ChainError RESERVATION_NOT_FOUND, BAD_RESERVATION, FEE_TOO_LOW
 */
export async function replaceReservation(state: ChainState, jobId: Uint8Array, raw: Uint8Array): Promise<Uint8Array> {
  const parsed = parseTransaction(raw, state)
  const present = state.mempool.reservationOf(jobId)
  if (present === undefined)
    throw new ChainError('RESERVATION_NOT_FOUND', 'the job has no reservation: it was mined, released or never made')
  if (equalBytes(present.txid, parsed.txid)) return parsed.txid
  if (!equalBytes(parsed.tx.jobId, jobId)) throw new ChainError('BAD_RESERVATION', 'the payment names another job')
  if (!sameInputs(parsed.tx, present.tx))
    throw new ChainError(
      'BAD_RESERVATION',
      'the payment does not spend the reserved outputs, all of them and in their order',
    )
  refuseConflicts(state, parsed, present)
  const { entry } = await newEntry(state, parsed, { jobId })
  await putEntry(state, entry, [{ entry: present, reason: 'REPLACED' }, ...settledOtherwise(state, entry, present)])
  return parsed.txid
}

function sameInputs(a: Transaction, b: Transaction): boolean {
  return (
    a.vin.length === b.vin.length &&
    a.vin.every(({ prevout }, i) => {
      const other = b.vin[i]
      return other !== undefined && outPointKey(prevout) === outPointKey(other.prevout)
    })
  )
}
