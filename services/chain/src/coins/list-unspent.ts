import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { type Coin, listCoins } from '../store/coins.ts'
import type { IndexedHeader } from '../store/headers.ts'
import { flushCoins } from './flush-coins.ts'

/** Blocks may come while a list is read: then it is read again, so often. */
const MAX_TRIES = 4

/**
 * A page of an address's unspent outputs in order of outpoint, after `after`, as of the block that comes with it. The table is flushed before
 * where it may lack something of this address.
 * @throws ChainError BUSY, UNAVAILABLE
 */
export async function listUnspent(
  state: ChainState,
  page: { readonly h2: Uint8Array; readonly after: Uint8Array; readonly limit: number },
): Promise<{ readonly coins: Coin[]; readonly node: IndexedHeader }> {
  for (let tries = 1; ; tries++) {
    if (state.coins.addresses.mayHave(page.h2)) await write(state, () => flushCoins(state))
    const { flushed, addresses } = state.coins
    const { node } = state.tip
    const isCurrent = !addresses.mayHave(page.h2)
    const coins = await listCoins(state.sql, page)
    // What is flushed meanwhile may be of a later block.
    if ((isCurrent && state.coins.flushed === flushed) || tries === MAX_TRIES) return { coins, node }
  }
}
