import { bytesToHex } from '@camelid/crypto'
import type { Pool } from '../pool.ts'
import { loadJob } from '../store/jobs.ts'
import { deleteReservation, putReservation, reservationState } from '../store/reservations.ts'

/** Takes F or P of a job out of the chain's mempool. Where the chain is away the table says that it is still to be done. */
export async function giveBack(pool: Pool, id: Uint8Array): Promise<void> {
  await putReservation(pool.sql, id, 'releasing', pool.clock.nowMs())
  await pool.chain.releaseReservation({ jobId: id }, { signal: pool.signal })
  await deleteReservation(pool.sql, id)
}

/** As `giveBack`, for what an interrupted question or release left: a job that is held here ends in its own way. */
export async function giveBackLeftover(pool: Pool, id: Uint8Array): Promise<void> {
  await pool.locks.run(bytesToHex(id), async () => {
    const state = await reservationState(pool.sql, id)
    if (state !== 'asking' && state !== 'releasing') return
    if ((await loadJob(pool.sql, id)) === null) await giveBack(pool, id)
  })
}
