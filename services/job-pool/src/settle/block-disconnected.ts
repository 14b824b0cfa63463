import { bytesToHex } from '@camelid/crypto'
import type { Pool } from '../pool.ts'
import { refreshJob } from '../refresh.ts'
import { retakeSlot } from '../store/bonds.ts'
import { clearMined, jobsWithSpentInputs } from '../store/chain-facts.ts'
import { putReservation } from '../store/reservations.ts'
import { loadWork } from '../store/work.ts'
import { checkInputs } from './check-inputs.ts'
import { recoverReservation } from './recover-reservation.ts'

/** Only what is mined is final: jobs that the block settled are open again, and coins spent elsewhere may be back. */
export async function blockDisconnected(
  pool: Pool,
  block: { readonly hash: Uint8Array; readonly height: number },
): Promise<void> {
  for (const id of await clearMined(pool.sql, block.hash)) await reopen(pool, id)
  for (const id of await jobsWithSpentInputs(pool.sql, block.height)) {
    await checkInputs(pool, id)
    await recoverReservation(pool, id)
  }
}

/** The job's payment is not in a block any more: it stands in the mempool again and the job holds its slot. */
export async function reopen(pool: Pool, id: Uint8Array): Promise<void> {
  const hex = bytesToHex(id)
  await pool.locks.run(hex, async () => {
    const record = await refreshJob(pool, id, 'the block of its payment left the best chain')
    if (record === null) return
    // The chain takes the transactions of the block back where it can: asked at the next tip.
    await putReservation(pool.sql, id, 'lost', pool.clock.nowMs())
    const work = record.mine ? await loadWork(pool.sql, id) : null
    if (work !== null) await retakeSlot(pool.sql, id, work.bondOutpoint)
  })
  pool.driver.wake(hex)
}
