import type { Transaction } from '@camelid/codec'
import { concatBytes, encodeDer, hash160, sign } from '@camelid/crypto'
import { pushData } from './push-data.ts'
import { SigHash, signatureHash } from './signature-hash.ts'
import { p2pkhScript } from './template/p2pkh.ts'

/** A script's signature of input `index`, type ALL: DER ‖ 0x01. `scriptCode` is the whole output script (or redeem script). */
export function signInput(tx: Transaction, index: number, scriptCode: Uint8Array, privateKey: Uint8Array): Uint8Array {
  const digest = signatureHash(tx, index, scriptCode, SigHash.ALL)
  return concatBytes(encodeDer(sign(digest, privateKey)), Uint8Array.of(SigHash.ALL))
}

/** The scriptSig `<signature> <publicKey>` that spends a P2PKH output of `publicKey` by input `index`, type ALL. */
export function signP2pkhInput(
  tx: Transaction,
  index: number,
  privateKey: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array {
  const signature = signInput(tx, index, p2pkhScript(hash160(publicKey)), privateKey)
  return concatBytes(pushData(signature), pushData(publicKey))
}
