import type { Pool } from '../pool.ts'
import { jobsOfTransaction } from '../store/jobs.ts'
import { checkInputs } from './check-inputs.ts'

/** F or P of a live job left the mempool other than by our word: its coins may be spent elsewhere. */
export async function transactionDropped(pool: Pool, txid: Uint8Array): Promise<void> {
  for (const id of await jobsOfTransaction(pool.sql, txid)) await checkInputs(pool, id)
}
