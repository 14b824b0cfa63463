import { bytesToHex } from '@camelid/crypto'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { Pool } from '../pool.ts'
import { refreshJob } from '../refresh.ts'
import { setMined } from '../store/chain-facts.ts'
import { jobsWithStatements } from '../store/statements.ts'

/** Jobs whose payment is in the block are settled. A payment that came too late to count counts when it is mined. */
export async function blockConnected(
  pool: Pool,
  block: { readonly hash: Uint8Array; readonly height: number; readonly txids: readonly Uint8Array[] },
): Promise<void> {
  for (const { jobId } of await jobsWithStatements(pool.sql, MessageType.PAYMENT, block.txids)) {
    await settle(pool, jobId, block)
  }
}

/** The job's payment is in this block of the best chain. */
export async function settle(
  pool: Pool,
  jobId: Uint8Array,
  block: { readonly hash: Uint8Array; readonly height: number },
): Promise<void> {
  const hex = bytesToHex(jobId)
  await pool.locks.run(hex, async () => {
    await setMined(pool.sql, jobId, block)
    await refreshJob(pool, jobId)
  })
  pool.driver.wake(hex)
}
