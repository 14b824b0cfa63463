import type { TxOut } from '@camelid/codec'

/** An output that an input spends, as the chain knows it. */
export interface SpentOutput {
  readonly output: TxOut
  /** Height of the block that made it. */
  readonly height: number
  /** Whether a coinbase made it: it must mature. */
  readonly coinbase: boolean
}
