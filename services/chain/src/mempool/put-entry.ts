import { addToOutbox } from '@camelid/events'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { insertEntry } from '../store/mempool.ts'
import { acceptedEvent, type Drop, storeDrops, withDescendants } from './drop.ts'
import { type Entry, feeRate } from './mempool.ts'
import { MAX_MEMPOOL_BYTES } from './policy.ts'

/**
 * One transaction, then memory: takes an entry in, out of whose way `replaced` goes.
 * @throws ChainError MEMPOOL_FULL where all others pay better
 */
export async function putEntry(state: ChainState, entry: Entry, replaced: readonly Drop[] = []): Promise<void> {
  const drops = [...withDescendants(state, replaced), ...makeRoom(state, entry)]
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

/** The entries that pay least go, with what rests on them; reservations are promises and stay. */
function makeRoom(state: ChainState, entry: Entry): Drop[] {
  const { mempool } = state
  let excess = mempool.bytes + entry.raw.length * 2 - MAX_MEMPOOL_BYTES
  if (excess <= 0) return []
  const ancestors = mempool.ancestorsOf(entry.tx, Number.POSITIVE_INFINITY)
  const cheapest = [...mempool.values()]
    .filter((other) => other.jobId === null && !ancestors.has(other.key))
    .sort((a, b) => feeRate(a) - feeRate(b))
  const roots: Drop[] = []
  for (const other of cheapest) {
    if (excess <= 0) break
    if (entry.jobId === null && feeRate(other) >= feeRate(entry)) break
    roots.push({ entry: other, reason: 'EVICTED' })
    excess -= other.raw.length * 2
  }
  if (excess > 0)
    throw new ChainError('MEMPOOL_FULL', 'the mempool is full of transactions that pay more: raise the fee')
  return withDescendants(state, roots)
}
