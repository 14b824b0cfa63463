import type { Pool } from '../pool.ts'
import { jobsOfTransaction } from '../store/jobs.ts'
import { recoverReservation } from './recover-reservation.ts'

/** By our own word: P took F's place, or the job is over. */
const ASKED_FOR: ReadonlySet<string> = new Set(['REPLACED', 'RELEASED'])

/** F or P of a live job left the mempool other than by our word: its coins went elsewhere, or it is put there again. */
export async function transactionDropped(
  pool: Pool,
  { txid, reason }: { readonly txid: Uint8Array; readonly reason: string },
): Promise<void> {
  if (ASKED_FOR.has(reason)) return
  for (const id of await jobsOfTransaction(pool.sql, txid)) await recoverReservation(pool, id)
}
