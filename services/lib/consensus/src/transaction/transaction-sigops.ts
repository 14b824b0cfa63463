import type { Transaction } from '@camelid/codec'
import type { NetworkParams } from '../params/network-params.ts'
import { countP2shSigops, countSigops } from '../script/count-sigops.ts'
import type { SpentOutput } from './spent-output.ts'

/** Signature checks counted from a transaction's own scripts, redeem scripts not looked into. */
export function legacySigops(tx: Transaction, committeeSize: number): number {
  let sigops = 0
  for (const { scriptSig } of tx.vin) sigops += countSigops(scriptSig, committeeSize)
  for (const { scriptPubKey } of tx.vout) sigops += countSigops(scriptPubKey, committeeSize)
  return sigops
}

/** Signature checks of a transaction with those inside the redeem scripts it spends. */
export function sigopsOf(
  tx: Transaction,
  spent: readonly (SpentOutput | null)[],
  params: Pick<NetworkParams, 'committeeSize'>,
): number {
  let sigops = legacySigops(tx, params.committeeSize)
  for (const [i, { scriptSig }] of tx.vin.entries()) {
    const script = spent[i]?.output.scriptPubKey
    if (script !== undefined) sigops += countP2shSigops(scriptSig, script, params.committeeSize)
  }
  return sigops
}
