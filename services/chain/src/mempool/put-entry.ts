import { addToOutbox } from '@camelid/events'
import type { ChainState } from '../chain/chain-state.ts'
import { insertEntry } from '../store/mempool.ts'
import { acceptedEvent, type Drop, storeDrops, withDescendants } from './drop.ts'
import { makeRoom } from './make-room.ts'
import type { Entry } from './mempool.ts'

/**
 * One transaction, then memory: takes an entry in, out of whose way `replaced` goes.
 * @throws ChainError MEMPOOL_FULL where all others pay better
 */
export async function putEntry(state: ChainState, entry: Entry, replaced: readonly Drop[] = []): Promise<void> {
  const drops = [...withDescendants(state, replaced), ...withDescendants(state, makeRoom(state.mempool, entry))]
  await state.sql.begin(async (sql) => {
    await storeDrops(sql, drops, state.clock.nowMs())
    await insertEntry(sql, entry)
    await addToOutbox(sql, [acceptedEvent(entry)])
  })
  for (const { entry: dropped } of drops) state.mempool.remove(dropped.key)
  state.mempool.add(entry)
  state.wakeOutbox()
  state.bell.templateChanged()
}
