import { setImmediate } from 'node:timers/promises'
import type { Transaction, TxOut } from '@camelid/codec'
import { type VerdictContext, verifyInput } from '@camelid/consensus'

/** Longest time in milliseconds that scripts hold up everything else, one input's apart. */
const TURN_MS = 20

/** Gives way to everything else that waits, once a turn is over: the scripts of a full block take seconds. */
export class Turns {
  readonly #turnMs: number
  #since = performance.now()

  constructor(turnMs = TURN_MS) {
    this.#turnMs = turnMs
  }

  async giveWay(): Promise<void> {
    if (performance.now() - this.#since < this.#turnMs) return
    await setImmediate()
    this.#since = performance.now()
  }
}

/**
 * Runs the scripts of every input, the costly part of judging a transaction. `spent` goes with tx.vin; `flags` are CONSENSUS_FLAGS for a
 * block, STANDARD_FLAGS for the mempool; `context` is needed for a spend by verdict.
 * @throws ScriptError
 */
export async function checkScripts(
  tx: Transaction,
  judged: { readonly spent: readonly TxOut[]; readonly flags: number; readonly context?: VerdictContext },
  turns = new Turns(),
): Promise<void> {
  const { spent, flags, context } = judged
  for (const index of tx.vin.keys()) {
    const output = spent[index]
    if (output === undefined) throw new RangeError(`input ${index} is judged without the output it spends`)
    await turns.giveWay()
    verifyInput({ tx, index, spent: output, flags, ...(context === undefined ? {} : { context }) })
  }
}
