import { compareBytes, hexToBytes, isStrictDer } from '@camelid/crypto'
import { ScriptFlag } from './flags.ts'
import { parseLaxDer } from './lax-der.ts'
import { ScriptError } from './script-error.ts'
import { SigHash } from './signature-hash.ts'

/** Half the order of secp256k1, big-endian: s above it is high. */
const HALF_ORDER = hexToBytes('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0')

/** What a script's signature (DER ‖ hash type) must look like under `flags`; the empty one is always well-formed. Throws ScriptError. */
export function checkSignatureEncoding(signature: Uint8Array, flags: number): void {
  if (signature.length === 0) return
  const der = signature.subarray(0, -1)
  if ((flags & (ScriptFlag.DERSIG | ScriptFlag.LOW_S | ScriptFlag.STRICTENC)) !== 0 && !isStrictDer(der)) {
    throw new ScriptError('SIG_DER', 'a signature is not strict DER')
  }
  if ((flags & ScriptFlag.LOW_S) !== 0 && isHighS(der)) {
    throw new ScriptError('SIG_HIGH_S', 'a signature has s above half the order: use the order minus s')
  }
  if ((flags & ScriptFlag.STRICTENC) !== 0) {
    const base = (signature.at(-1) ?? 0) & ~SigHash.ANYONECANPAY
    if (base < SigHash.ALL || base > SigHash.SINGLE) throw new ScriptError('SIG_HASHTYPE', 'an unknown hash type')
  }
}

/** What a public key must look like under `flags`. Throws ScriptError PUBKEYTYPE. */
export function checkPublicKeyEncoding(key: Uint8Array, flags: number): void {
  if ((flags & ScriptFlag.STRICTENC) === 0) return
  const prefix = key[0]
  const compressed = key.length === 33 && (prefix === 2 || prefix === 3)
  if (!compressed && !(key.length === 65 && prefix === 4)) {
    throw new ScriptError('PUBKEYTYPE', 'a public key is neither compressed nor uncompressed')
  }
}

/** Whether s of a DER signature is above half the order. */
export function isHighS(der: Uint8Array): boolean {
  const compact = parseLaxDer(der)
  return compact !== null && compareBytes(compact.subarray(32), HALF_ORDER) > 0
}
