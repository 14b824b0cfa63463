import type { ChainState } from '../chain/chain-state.ts'
import { type Drop, removeAll, withDescendants } from './drop.ts'
import { makeRoom } from './make-room.ts'
import type { Entry } from './mempool.ts'
import { type MempoolChange, storeChange } from './mempool-change.ts'

/**
 * In memory: takes an entry in, out of whose way `replaced` and what rests on it goes, and as much as there is no room for.
 * @throws ChainError MEMPOOL_FULL where all others pay better; then nothing has changed
 */
export function placeEntry(state: ChainState, entry: Entry, replaced: readonly Drop[], change: MempoolChange): void {
  const drops = withDescendants(state, [...replaced, ...makeRoom(state, entry)])
  removeAll(state, drops)
  state.mempool.add(entry)
  change.dropped.push(...drops)
  change.accepted.push(entry)
  state.feeEstimates.track(state.mempool, entry, state.tip.node.height)
}

/** Memory, then one transaction: takes one entry in. @throws as `placeEntry` */
export async function putEntry(state: ChainState, entry: Entry, replaced: readonly Drop[]): Promise<void> {
  const change: MempoolChange = { accepted: [], dropped: [] }
  placeEntry(state, entry, replaced, change)
  await storeChange(state, change)
}
