import { isCoded } from '@camelid/errors'
import type { Pool } from '../pool.ts'

/**
 * P takes F's place in the chain's mempool, or the place that F lost. Twice is as good as once. @throws RpcError
 * @param payment raw transaction
 */
export async function putPayment(pool: Pool, jobId: Uint8Array, payment: Uint8Array): Promise<void> {
  try {
    await pool.chain.replaceReservation({ jobId, payment }, { signal: pool.signal })
  } catch (error) {
    if (!isCoded(error) || error.code !== 'RESERVATION_NOT_FOUND') throw error
    await pool.chain.reserve({ jobId, funding: payment }, { signal: pool.signal })
  }
}
