import type { Transaction, TxOut } from '@camelid/codec'
import type { VerdictContext } from '../committee/verdict-context.ts'

/** One input being judged: everything a script may look at beside its own stack. */
export interface Spend {
  readonly tx: Transaction
  /** Which input of `tx`. */
  readonly index: number
  /** The output that the input spends. */
  readonly spent: TxOut
  /** Bits of ScriptFlag. */
  readonly flags: number
  /** `legacy`: signatures leave the job id out, as in Bitcoin's own transactions (for its vectors). */
  readonly mode?: 'camelid' | 'legacy'
  /** The chain as a verdict sees it; needed only where a bond is spent by CHECKVERDICT. */
  readonly context?: VerdictContext
}
