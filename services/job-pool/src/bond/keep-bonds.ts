import type { Pool } from '../pool.ts'
import { fundBonds } from './fund-bonds.ts'
import { pendingSlots } from './pending-slots.ts'
import { syncBonds } from './sync-bonds.ts'

/** Keeps the number of bond slots that the configuration asks for, as far as the node's funds go. */
export async function keepBonds(pool: Pool, tipHeight: number): Promise<void> {
  await syncBonds(pool)
  const pending = await pendingSlots(pool)
  await fundBonds(pool, { tipHeight, pending })
}
