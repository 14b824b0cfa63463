import type { Transaction, TxOut } from '@camelid/codec'
import type { VerdictContext } from '@camelid/consensus'

/** A transaction whose scripts are to be run. */
export interface ScriptSpend {
  readonly tx: Transaction
  readonly txid: Uint8Array
  /** The bytes of `tx`. */
  readonly raw: Uint8Array
  /** Goes with tx.vin. */
  readonly spent: readonly TxOut[]
  /** Set for a spend by verdict, and only for one: its result depends on the chain, so it is never cached. */
  readonly context?: VerdictContext
}

/** Some of a transaction's inputs: those of a large one are shared out. */
export interface InputRange {
  readonly spend: ScriptSpend
  /** Which of the spends that are judged together. */
  readonly position: number
  readonly from: number
  /** The input after the last. */
  readonly to: number
}

/** Cuts spends into pieces of about `inputs` inputs each, in order. */
export function chunksOf(spends: readonly ScriptSpend[], inputs: number): InputRange[][] {
  const chunks: InputRange[][] = []
  let chunk: InputRange[] = []
  let room = inputs
  for (const [position, spend] of spends.entries()) {
    for (let from = 0; from < spend.tx.vin.length; ) {
      const to = Math.min(spend.tx.vin.length, from + room)
      chunk.push({ spend, position, from, to })
      room -= to - from
      from = to
      if (room > 0) continue
      chunks.push(chunk)
      chunk = []
      room = inputs
    }
  }
  if (chunk.length > 0) chunks.push(chunk)
  return chunks
}
