import { equalBytes, hash160, verify } from '@camelid/crypto'
import { ScriptFlag } from './flags.ts'
import { parseLaxDer } from './lax-der.ts'
import { hasPublicKeyEncoding, hasSignatureEncoding } from './signature-encoding.ts'
import { signatureHash } from './signature-hash.ts'
import type { Spend } from './spend.ts'
import { parseP2pkh } from './template/p2pkh.ts'

/** A signature from here on is longer than the script it is checked in, so it cannot stand in it. */
const MIN_SIGNATURE_BYTES = 25
/** The longest push that its opcode alone tells, and that is the shortest for its data. */
const MAX_DIRECT_PUSH = 75

/**
 * Whether an input is a good spend of an exact P2PKH output by two plain pushes, signature and key: nearly every input there is, judged
 * without the machine, which would say the same of it. False says nothing: the machine judges then, and names what is wrong.
 */
export function isGoodP2pkhSpend(spend: Spend): boolean {
  const { tx, index, spent, flags, mode } = spend
  const h2 = parseP2pkh(spent.scriptPubKey)
  const scriptSig = tx.vin[index]?.scriptSig
  if (h2 === null || scriptSig === undefined) return false
  const signatureLength = scriptSig[0] ?? 0
  const keyLength = scriptSig[signatureLength + 1] ?? 0
  if (signatureLength < MIN_SIGNATURE_BYTES || signatureLength > MAX_DIRECT_PUSH) return false
  if ((keyLength !== 33 && keyLength !== 65) || scriptSig.length !== signatureLength + keyLength + 2) return false
  const signature = scriptSig.subarray(1, signatureLength + 1)
  const key = scriptSig.subarray(signatureLength + 2)
  if (!hasSignatureEncoding(signature, flags) || !hasPublicKeyEncoding(key, flags)) return false
  if (!equalBytes(hash160(key), h2)) return false
  const compact = parseLaxDer(signature.subarray(0, -1))
  if (compact === null) return false
  const digest = signatureHash(tx, index, spent.scriptPubKey, signature[signatureLength - 1] ?? 0, mode)
  // Where low-S is a rule a high one was refused as an encoding; there the library need not look for it again.
  return verify(compact, digest, key, { lowS: (flags & ScriptFlag.LOW_S) !== 0 })
}
