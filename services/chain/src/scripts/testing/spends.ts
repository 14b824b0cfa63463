import { encodeTransaction, NULL_JOB_ID, type Transaction, txid } from '@camelid/codec'
import type { ScriptSpend } from '../script-spend.ts'

export const TRUE = Uint8Array.of(0x51)
export const FALSE = Uint8Array.of(0x00)

/** A transaction that spends outputs of these scripts without a word; `n` tells it from others. */
export function spending(scripts: readonly Uint8Array[], n = 0): ScriptSpend {
  const tx: Transaction = {
    version: 1,
    vin: scripts.map((_, index) => ({
      prevout: { txid: new Uint8Array(32).fill(1), index },
      scriptSig: new Uint8Array(),
      sequence: 0xffffffff,
    })),
    vout: [],
    lockTime: n,
    jobId: NULL_JOB_ID,
  }
  const spent = scripts.map((scriptPubKey) => ({ value: 1n, scriptPubKey }))
  return { tx, txid: txid(tx), raw: encodeTransaction(tx), spent }
}
