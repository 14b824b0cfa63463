import type { Pool } from '../pool.ts'
import { releaseSlot } from '../store/bonds.ts'
import type { JobRecord } from '../store/jobs.ts'
import { deleteReservation, reservationState } from '../store/reservations.ts'
import { loadWork } from '../store/work.ts'
import { deliverLate } from '../work/deliver-late.ts'
import { stopWork } from '../work/stop-work.ts'
import { giveBack } from './give-back.ts'

/**
 * A job that is over gives everything back: F's coins, the bond slot, and what was kept in memory. Gives whether its output
 * was delivered now, for a payment that is mined, that came late, or that came in time while the chain was away.
 */
export async function endJob(pool: Pool, record: JobRecord): Promise<boolean> {
  await endReservation(pool, record)
  const delivered = record.state !== 'slashed' && (await deliverLate(pool, record))
  await endSlot(pool, record)
  pool.floods.forget(record.hex)
  pool.progress.forget(record.hex)
  pool.queues.forget(record.hex)
  return delivered
}

/** What is mined has left the mempool by itself; everything else is taken out of it. */
async function endReservation(pool: Pool, record: JobRecord): Promise<void> {
  if ((await reservationState(pool.sql, record.id)) === null) return
  if (record.state === 'settled') await deleteReservation(pool.sql, record.id)
  else await giveBack(pool, record.id)
}

/**
 * The slot is free at once where no commitment of ours stands; else when the job's P is mined, or no verdict can name H any
 * more (protocol §6, Reserved). P has A blocks then, as a slot must have: two jobs on one slot after a reorganisation would
 * cost this node both payments.
 */
async function endSlot(pool: Pool, record: JobRecord): Promise<void> {
  if (!record.mine) return
  const work = await loadWork(pool.sql, record.id)
  if (work === null) return
  if (work.stage !== 'committed') {
    if (work.stage !== 'failed' && work.stage !== 'stopped') await stopWork(pool, record.id, record.reason)
    return
  }
  await releaseSlot(pool.sql, record.id, lastHeight(pool, record, work.height))
}

/** The last tip at which the slot is held. */
function lastHeight({ params }: Pool, { state, minedHeight }: JobRecord, height: number | null): number | null {
  if (state === 'settled' && minedHeight !== null) return minedHeight + params.bondAge - 2
  return state === 'expired' && height !== null ? height + params.verdictLife : null
}
