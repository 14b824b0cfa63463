import { compareBytes, hexToBytes, isStrictDer } from '@camelid/crypto'
import { ScriptFlag } from './flags.ts'
import { parseLaxDer } from './lax-der.ts'
import { ScriptError } from './script-error.ts'
import { SigHash } from './signature-hash.ts'

/** Half the order of secp256k1, big-endian: s above it is high. */
const HALF_ORDER = hexToBytes('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0')
const STRICT_FLAGS = ScriptFlag.DERSIG | ScriptFlag.LOW_S | ScriptFlag.STRICTENC

/** What a script's signature (DER ‖ hash type) must look like under `flags`; the empty one is always well-formed. Throws ScriptError. */
export function checkSignatureEncoding(signature: Uint8Array, flags: number): void {
  if (hasSignatureEncoding(signature, flags)) return
  const der = signature.subarray(0, -1)
  if (!isStrictDer(der)) throw new ScriptError('SIG_DER', 'a signature is not strict DER')
  if ((flags & ScriptFlag.LOW_S) !== 0 && isHighS(der)) {
    throw new ScriptError('SIG_HIGH_S', 'a signature has s above half the order: use the order minus s')
  }
  throw new ScriptError('SIG_HASHTYPE', 'an unknown hash type')
}

/** As `checkSignatureEncoding`, without a word about what is wrong. */
export function hasSignatureEncoding(signature: Uint8Array, flags: number): boolean {
  if (signature.length === 0 || (flags & STRICT_FLAGS) === 0) return true
  const der = signature.subarray(0, -1)
  if (!isStrictDer(der)) return false
  if ((flags & ScriptFlag.LOW_S) !== 0 && isHighS(der)) return false
  if ((flags & ScriptFlag.STRICTENC) === 0) return true
  const base = (signature[signature.length - 1] ?? 0) & ~SigHash.ANYONECANPAY
  return base >= SigHash.ALL && base <= SigHash.SINGLE
}

/** What a public key must look like under `flags`. Throws ScriptError PUBKEYTYPE. */
export function checkPublicKeyEncoding(key: Uint8Array, flags: number): void {
  if (!hasPublicKeyEncoding(key, flags)) {
    throw new ScriptError('PUBKEYTYPE', 'a public key is neither compressed nor uncompressed')
  }
}

/** As `checkPublicKeyEncoding`, without a throw. */
export function hasPublicKeyEncoding(key: Uint8Array, flags: number): boolean {
  if ((flags & ScriptFlag.STRICTENC) === 0) return true
  const prefix = key[0]
  return (key.length === 33 && (prefix === 2 || prefix === 3)) || (key.length === 65 && prefix === 4)
}

/** Whether s of a strict DER signature is above half the order. */
export function isHighS(der: Uint8Array): boolean {
  // Nearly every s is told by its first byte.
  const rLength = der[3] ?? 0
  const sLength = der[rLength + 5] ?? 0
  if (sLength < 32 || (sLength === 32 && (der[rLength + 6] ?? 0) < 0x7f)) return false
  const compact = parseLaxDer(der)
  return compact !== null && compareBytes(compact.subarray(32), HALF_ORDER) > 0
}
