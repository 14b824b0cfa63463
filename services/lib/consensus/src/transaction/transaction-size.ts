import type { Transaction } from '@camelid/codec'

/** Bytes of the encoded transaction, without encoding it. */
export function transactionSize(tx: Transaction): number {
  let size = 4 + sizeOfSize(tx.vin.length) + sizeOfSize(tx.vout.length) + 4 + 32
  for (const { scriptSig } of tx.vin) size += 40 + sizeOfSize(scriptSig.length) + scriptSig.length
  for (const { scriptPubKey } of tx.vout) size += 8 + sizeOfSize(scriptPubKey.length) + scriptPubKey.length
  return size
}

/** Bytes of a CompactSize. */
export function sizeOfSize(count: number): number {
  if (count < 0xfd) return 1
  return count <= 0xffff ? 3 : 5
}
