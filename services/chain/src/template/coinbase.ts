import { encodeTransaction, NULL_JOB_ID, type Transaction } from '@camelid/codec'
import { coinbaseScriptSig, p2pkhScript } from '@camelid/consensus'

/** Bytes that miners roll in the coinbase. */
const EXTRA_NONCE_BYTES = 8

/**
 * The coinbase around its extra nonce: prefix ‖ 8 bytes ‖ suffix (protocol: Block).
 * @param value base units
 */
export function coinbaseParts(coinbase: {
  readonly height: number
  readonly value: bigint
  readonly payoutH2: Uint8Array
}): {
  prefix: Uint8Array
  suffix: Uint8Array
} {
  const scriptSig = coinbaseScriptSig(coinbase.height, new Uint8Array(EXTRA_NONCE_BYTES))
  const transaction: Transaction = {
    version: 1,
    vin: [{ prevout: { txid: new Uint8Array(32), index: 0xffffffff }, scriptSig, sequence: 0xffffffff }],
    vout: [{ value: coinbase.value, scriptPubKey: p2pkhScript(coinbase.payoutH2) }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
  const bytes = encodeTransaction(transaction)
  // version 4 · count 1 · prevout 36 · length of scriptSig 1 · scriptSig, which ends with the extra nonce.
  const end = 42 + scriptSig.length
  return { prefix: bytes.slice(0, end - EXTRA_NONCE_BYTES), suffix: bytes.slice(end) }
}
