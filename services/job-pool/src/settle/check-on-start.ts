import { bytesToHex, equalBytes } from '@camelid/crypto'
import type { Pool } from '../pool.ts'
import { clearMined, jobsToAskAbout } from '../store/chain-facts.ts'
import { doubtReservations, openReservations } from '../store/reservations.ts'
import { settle } from './block-connected.ts'
import { reopen } from './block-disconnected.ts'
import { whereMined } from './check-inputs.ts'
import { giveBack } from './give-back.ts'

/** How far back settled jobs are looked at again, in blocks: the events of deeper ones were long taken in. */
const LOOK_BACK = 100

/** What happened while this service was away, asked rather than heard: half-made reservations, payments mined or no longer. */
export async function checkOnStart(pool: Pool): Promise<void> {
  for (const { jobId, state } of await openReservations(pool.sql, pool.clock.nowMs())) {
    if (state === 'asking' || state === 'releasing') await giveBack(pool, jobId)
  }
  await doubtReservations(pool.sql)
  const { tip } = await pool.chain.getTip({}, { signal: pool.signal })
  for (const { jobId, txid, minedHash } of await jobsToAskAbout(pool.sql, (tip?.height ?? 0) - LOOK_BACK)) {
    pool.signal.throwIfAborted()
    const mined = await whereMined(pool, txid)
    if (mined !== null && (minedHash === null || !equalBytes(mined.hash, minedHash)))
      await settle(pool, jobId, { ...mined, txid })
    if (mined === null && minedHash !== null) {
      pool.log.warn({ job: bytesToHex(jobId) }, 'a settled payment is not on the best chain any more')
      await clearMined(pool.sql, minedHash)
      await reopen(pool, jobId)
    }
  }
}
