import { bytesToHex } from '@camelid/crypto'
import { keepBonds } from '../bond/keep-bonds.ts'
import type { Pool } from '../pool.ts'
import { releaseOldSlots } from '../store/bonds.ts'
import { deleteEndedJobs, endedJobIds } from '../store/jobs.ts'
import { openReservations } from '../store/reservations.ts'
import { giveBackLeftover } from './give-back.ts'
import { recoverReservation } from './recover-reservation.ts'

/** A question to the chain has failed by then, in milliseconds. */
const ASKING_MS = 60_000

/** What a new tip makes due: bond slots to make or to free, jobs to forget. Runs one at a time; the last tip counts. */
export class TipTasks {
  readonly #pool: Pool
  #due = false
  #running: Promise<void> | null = null

  constructor(pool: Pool) {
    this.#pool = pool
  }

  wake(): void {
    this.#due = true
    this.#running ??= this.#run().finally(() => {
      this.#running = null
      if (this.#due && !this.#pool.signal.aborted) this.wake()
    })
  }

  async #run(): Promise<void> {
    while (this.#due && !this.#pool.signal.aborted) {
      this.#due = false
      try {
        await runTasks(this.#pool)
      } catch (error) {
        if (!this.#pool.signal.aborted)
          this.#pool.log.warn({ err: error }, 'the tasks of a new tip are tried again at the next')
      }
    }
  }

  /** Resolves when what runs is over. */
  async idle(): Promise<void> {
    await this.#running
  }
}

async function runTasks(pool: Pool): Promise<void> {
  const tipHeight = pool.tip.height
  if (tipHeight === null) return
  await keepBonds(pool, tipHeight)
  await releaseOldSlots(pool.sql, tipHeight)
  await retryReservations(pool)
  for (const id of await endedJobIds(pool.sql)) pool.driver.wake(bytesToHex(id))
  const forgotten = await deleteEndedJobs(pool.sql, tipHeight - pool.config.RETAIN_BLOCKS)
  if (forgotten > 0) pool.log.debug({ forgotten }, 'jobs left the pool')
}

async function retryReservations(pool: Pool): Promise<void> {
  for (const { jobId, state } of await openReservations(pool.sql, pool.clock.nowMs() - ASKING_MS)) {
    pool.signal.throwIfAborted()
    if (state === 'lost' || state === 'barred') await recoverReservation(pool, jobId)
    else await giveBackLeftover(pool, jobId)
  }
}
