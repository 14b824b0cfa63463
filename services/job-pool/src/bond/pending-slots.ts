import { displayHash } from '@camelid/codec'
import { isCoded } from '@camelid/errors'
import { isNotFound } from '../is-not-found.ts'
import type { Pool } from '../pool.ts'
import { deleteBondTransaction, loadBondTransactions } from '../store/bonds.ts'

/** Slots on their way into a block. A transaction that the chain does not know is sent again, and forgotten where it is refused. */
export async function pendingSlots(pool: Pool): Promise<number> {
  let pending = 0
  for (const { txid, transaction, outputs } of await loadBondTransactions(pool.sql)) {
    const where = await pool.chain.getTransaction({ txid }, { signal: pool.signal }).catch((error: unknown) => {
      if (isNotFound(error)) return null
      throw error
    })
    if (where !== null && where.confirmations > 0) {
      await deleteBondTransaction(pool.sql, txid)
    } else if (where?.inMempool === true || (await sendAgain(pool, txid, transaction))) {
      pending += outputs
    }
  }
  return pending
}

async function sendAgain(pool: Pool, txid: Uint8Array, transaction: Uint8Array): Promise<boolean> {
  try {
    await pool.chain.submitTransaction({ transaction }, { signal: pool.signal })
    return true
  } catch (error) {
    if (!isCoded(error) || error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED') throw error
    pool.log.warn({ err: error, txid: displayHash(txid) }, 'a transaction of bond slots is refused')
    await deleteBondTransaction(pool.sql, txid)
    return false
  }
}
