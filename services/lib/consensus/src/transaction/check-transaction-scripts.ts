import type { Transaction, TxOut } from '@camelid/codec'
import type { VerdictContext } from '../committee/verdict-context.ts'
import { verifyInput } from '../script/verify-input.ts'

/**
 * Runs the scripts of every input, the costly part of judging a transaction. `spent` goes with tx.vin; `flags` are CONSENSUS_FLAGS for a
 * block, STANDARD_FLAGS for the mempool; `context` is needed for a spend by verdict. Throws ScriptError.
 */
export function checkTransactionScripts(
  tx: Transaction,
  judged: { readonly spent: readonly TxOut[]; readonly flags: number; readonly context?: VerdictContext },
): void {
  const { spent, flags, context } = judged
  for (const index of tx.vin.keys()) {
    const output = spent[index]
    if (output === undefined) throw new RangeError(`input ${index} is judged without the output it spends`)
    verifyInput({ tx, index, spent: output, flags, ...(context === undefined ? {} : { context }) })
  }
}
