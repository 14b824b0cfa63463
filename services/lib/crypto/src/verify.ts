import { PUBLIC_KEY_BYTES } from './curve.ts'
import { ecdsa } from './ecdsa.ts'
import { DIGEST_BYTES, SIGNATURE_BYTES } from './sign.ts'

const UNCOMPRESSED_BYTES = 65

/**
 * Whether `signature` (64 bytes r ‖ s) is the key's over `digest` (32 bytes). High-S is refused unless `lowS` is false,
 * which only scripts of before that rule need. Never throws: bytes of any shape are at worst no signature.
 * The key is compressed; the uncompressed and hybrid forms of Bitcoin's script are understood too.
 */
export function verify(
  signature: Uint8Array,
  digest: Uint8Array,
  publicKey: Uint8Array,
  options: { lowS?: boolean } = {},
): boolean {
  if (signature.length !== SIGNATURE_BYTES || digest.length !== DIGEST_BYTES) return false
  if (publicKey.length !== PUBLIC_KEY_BYTES && publicKey.length !== UNCOMPRESSED_BYTES) return false
  return ecdsa.verify(signature, digest, publicKey, options.lowS ?? true)
}
