import { CONSENSUS_FLAGS, type ScriptError, STANDARD_FLAGS } from '@camelid/consensus'
import type { ChainState } from '../chain/chain-state.ts'
import type { ScriptSpend } from '../scripts/script-spend.ts'
import type { ChainView } from './chain-view.ts'
import type { Judgement } from './judge-transaction.ts'
import type { ParsedTransaction } from './new-entry.ts'

export interface JudgedTransaction {
  readonly parsed: Pick<ParsedTransaction, 'tx' | 'txid' | 'raw'>
  readonly judgement: Judgement
}

/**
 * Runs the scripts of transactions for the mempool; by position what is wrong, or null.
 * @param options.asMined they were run before, in a block or here, and only those of verdicts depend on the tip
 * @param options.anew runs even those that are known to have held
 */
export async function runScripts(
  { scripts }: ChainState,
  view: ChainView,
  judged: readonly JudgedTransaction[],
  { asMined, anew = false }: { readonly asMined: boolean; readonly anew?: boolean },
): Promise<(ScriptError | null)[]> {
  const results = new Array<ScriptError | null>(judged.length).fill(null)
  const chosen = [...judged.entries()].filter(([, { judgement }]) => judgement.byVerdict || !asMined)
  const spends = chosen.map(([, { parsed, judgement }]): ScriptSpend => {
    const spent = judgement.spent.map(({ output }) => output)
    const { tx, txid, raw } = parsed
    return { tx, txid, raw, spent, ...(judgement.byVerdict ? { context: view.verdicts } : {}) }
  })
  const found = await scripts.check(spends, { flags: asMined ? CONSENSUS_FLAGS : STANDARD_FLAGS, anew })
  for (const [i, error] of found.entries()) {
    const position = chosen[i]?.[0]
    if (position !== undefined) results[position] = error
  }
  return results
}
