import type { ChainState } from '../chain/chain-state.ts'
import { dropEntries } from './drop.ts'

/** The job came to its end: its F or P leaves the mempool and its inputs are free. Returns whether there was one. Runs in the writer. */
export async function releaseReservation(state: ChainState, jobId: Uint8Array): Promise<boolean> {
  const entry = state.mempool.reservationOf(jobId)
  if (entry === undefined) return false
  await dropEntries(state, [{ entry, reason: 'RELEASED' }])
  return true
}
