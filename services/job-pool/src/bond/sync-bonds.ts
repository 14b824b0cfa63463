import { outPointKey } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { isNotFound } from '../is-not-found.ts'
import type { Pool } from '../pool.ts'
import { type BondSlotRecord, loadSlots, markSlotSpent, upsertSlot } from '../store/bonds.ts'
import { setTestamentMined } from '../store/chain-facts.ts'

/** Brings the table of slots to what the chain lists of this node's bonds. */
export async function syncBonds(pool: Pool): Promise<void> {
  const { bonds } = await pool.chain.listBonds({ nodeKey: pool.keys.nodeKey }, { signal: pool.signal })
  const listed = new Set<string>()
  const known = new Map((await loadSlots(pool.sql)).map((slot) => [outPointKey(slot.outpoint), slot]))
  for (const { outpoint, value, unbondHeight, height } of bonds) {
    if (outpoint === undefined) continue
    const point = { txid: Uint8Array.from(outpoint.txid), index: outpoint.index }
    const key = outPointKey(point)
    listed.add(key)
    const before = known.get(key)
    if (before !== undefined && before.height === height && !before.spent) continue
    await upsertSlot(pool.sql, { outpoint: point, value, unbondHeight, height })
    if (before?.spent === true) await tellJob(pool, before, false)
  }
  for (const [key, slot] of known) {
    if (!slot.spent && !listed.has(key)) await slotGone(pool, slot)
  }
}

/** Before it unlocks only S can spend a slot, so a spent one means a verdict against this node; one that a reorganisation took may come back. */
async function slotGone(pool: Pool, slot: BondSlotRecord): Promise<void> {
  const spent = await pool.chain.getOutput({ outpoint: slot.outpoint }, { signal: pool.signal }).then(
    (answer) => answer.spent,
    (error: unknown) => {
      if (isNotFound(error)) return false
      throw error
    },
  )
  pool.log.warn({ slot: outPointKey(slot.outpoint), spent }, 'a bond slot is gone')
  if (spent) await tellJob(pool, slot, true)
  // Last, so that a crash in between repeats it.
  await markSlotSpent(pool.sql, slot.outpoint)
}

async function tellJob(pool: Pool, slot: BondSlotRecord, mined: boolean): Promise<void> {
  if (slot.jobId === null) return
  await setTestamentMined(pool.sql, slot.jobId, mined)
  pool.driver.wake(bytesToHex(slot.jobId))
}
