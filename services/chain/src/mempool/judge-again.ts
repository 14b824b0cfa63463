import { isCoded } from '@camelid/errors'
import type { ChainState } from '../chain/chain-state.ts'
import { type Drop, withDescendants } from './drop.ts'
import { judgeTransaction } from './judge-transaction.ts'
import { loadCoins } from './load-spent.ts'
import type { Entry } from './mempool.ts'

/**
 * Judges entries against the tip as it is now and takes those that no longer hold out of memory, with what rests on them.
 * The caller stores the drops.
 * @param options.scripts runs the scripts too, although nothing that they depend on can have changed
 */
export async function judgeAgain(
  state: ChainState,
  entries: readonly Entry[],
  options: { readonly scripts?: boolean } = {},
): Promise<Drop[]> {
  const dropped: Drop[] = []
  const coins = await loadCoins(
    state,
    entries.map(({ tx }) => tx),
  )
  for (const entry of entries) {
    if (state.mempool.get(entry.key) === undefined) continue
    try {
      await judgeTransaction(state, entry, { jobId: entry.jobId, asMined: !options.scripts, coins })
    } catch (error) {
      if (!isCoded(error)) throw error
      const drops = withDescendants(state, [
        { entry, reason: error.code === 'MISSING_INPUT' ? 'MISSING_INPUT' : 'INVALID' },
      ])
      for (const drop of drops) state.mempool.remove(drop.entry.key)
      dropped.push(...drops)
    }
  }
  return dropped
}
