import { CryptoError } from './crypto-error.ts'
import { scalarFromBytes } from './curve.ts'
import { ecdsa } from './ecdsa.ts'

/** Bytes of a digest that is signed. */
export const DIGEST_BYTES = 32
/** Bytes of a compact signature: r ‖ s, both big-endian. */
export const SIGNATURE_BYTES = 64

/**
 * ECDSA over a 32-byte digest, deterministic (RFC 6979), low-S: 64 bytes r ‖ s (protocol: Conventions).
 * @throws CryptoError BAD_LENGTH for another digest, BAD_PRIVATE_KEY
 */
export function sign(digest: Uint8Array, privateKey: Uint8Array): Uint8Array {
  if (digest.length !== DIGEST_BYTES) {
    throw new CryptoError('BAD_LENGTH', `Only digests of ${DIGEST_BYTES} bytes are signed, not ${digest.length}.`)
  }
  scalarFromBytes(privateKey)
  return ecdsa.sign(digest, privateKey)
}
