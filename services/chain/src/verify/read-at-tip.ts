import type { TransactionSql } from '@camelid/store'
import type { ChainState, Tip } from '../chain/chain-state.ts'
import { asUnavailable, write } from '../chain/write.ts'
import { flushCoins } from '../coins/flush-coins.ts'
import { findTip } from '../store/tip.ts'

/**
 * One transaction: reads the tables as they stand at the tip of this moment, however long it takes, while blocks go on being connected. The
 * coins that are only in memory go to their table first. @throws ChainError UNAVAILABLE, and what `read` throws
 */
export async function readAtTip<T>(state: ChainState, read: (sql: TransactionSql, tip: Tip) => Promise<T>): Promise<T> {
  const reading = await write(state, async () => {
    await flushCoins(state)
    const { tip } = state
    const taken = Promise.withResolvers<void>()
    const result = state.sql.begin('isolation level repeatable read read only', async (sql) => {
      // The first query takes the transaction's view, and keeps a reindex off until it is over.
      await findTip(sql)
      taken.resolve()
      return { value: await read(sql, tip) }
    })
    result.catch(taken.reject)
    await taken.promise
    // Wrapped, so that the writer does not wait for it.
    return { result }
  })
  try {
    return (await reading.result).value
  } catch (error) {
    throw asUnavailable(error)
  }
}
