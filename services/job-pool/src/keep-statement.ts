import { bytesToHex } from '@camelid/crypto'
import type { TransactionSql } from '@camelid/store'
import type { Pool } from './pool.ts'
import { announce, refreshContext } from './refresh.ts'
import { refreshState } from './store/state.ts'
import { type HeldMessage, insertStatement } from './store/statements.ts'

/** One transaction: a statement that passed its checks, what belongs to the same step, and the state that follows from both. */
export async function keepStatement(
  pool: Pool,
  id: Uint8Array,
  held: HeldMessage,
  also: (tx: TransactionSql) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const refreshed = await pool.sql.begin(async (tx) => {
    await insertStatement(tx, id, held)
    await also(tx)
    return await refreshState(tx, id, refreshContext(pool))
  })
  if (refreshed?.changed === true) announce(pool, refreshed.record)
  pool.driver.wake(bytesToHex(id))
}
