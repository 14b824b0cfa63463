import type { CodedError } from '@camelid/errors'
import type { ChainState } from '../chain/chain-state.ts'
import { loadChainView } from './chain-view.ts'
import { type Drop, removeAll, withDescendants } from './drop.ts'
import { isRefusal, refusalOr } from './judge-batch.ts'
import { judgeTransaction } from './judge-transaction.ts'
import type { Entry } from './mempool.ts'
import { type JudgedTransaction, runScripts } from './run-scripts.ts'

/** Entries judged by one view of the chain: their coins are in memory together. */
const BATCH = 2_000

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
  for (let at = 0; at < entries.length; at += BATCH) {
    const batch = entries.slice(at, at + BATCH)
    const view = await loadChainView(
      state,
      batch.map(({ tx }) => tx),
    )
    const judged: (JudgedTransaction & { readonly entry: Entry })[] = []
    for (const entry of batch) {
      if (state.mempool.get(entry.key) === undefined) continue
      const judgement = refusalOr(() => judgeTransaction(state, view, entry, { mayWait: entry.jobId !== null }))
      if (isRefusal(judgement)) dropped.push(...take(state, entry, judgement))
      else judged.push({ entry, parsed: entry, judgement })
    }
    const anew = options.scripts ?? false
    const failures = await runScripts(state, view, judged, { asMined: !anew, anew })
    for (const [i, { entry }] of judged.entries()) {
      const failure = failures[i]
      if (failure != null && state.mempool.get(entry.key) !== undefined) dropped.push(...take(state, entry, failure))
    }
  }
  return dropped
}

/** Out of memory, with what rests on it. */
function take(state: ChainState, entry: Entry, { code }: CodedError): Drop[] {
  const reason = code === 'MISSING_INPUT' ? 'MISSING_INPUT' : 'INVALID'
  const drops = withDescendants(state, [{ entry, reason }])
  removeAll(state, drops)
  return drops
}
