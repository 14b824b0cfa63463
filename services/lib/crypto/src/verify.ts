import { curve, PUBLIC_KEY_BYTES } from './curve.ts'
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
  const key = plainForm(publicKey)
  if (key === undefined) return false
  try {
    return curve.verify(signature, digest, key, { prehash: false, lowS: options.lowS ?? true, format: 'compact' })
  } catch {
    return false
  }
}

/** The hybrid form repeats the parity of y in its first byte; it is refused where that is untrue, as libsecp256k1 does. */
function plainForm(key: Uint8Array): Uint8Array | undefined {
  if (key.length === PUBLIC_KEY_BYTES) return key
  if (key.length !== UNCOMPRESSED_BYTES) return undefined
  const prefix = key[0] ?? 0
  if (prefix === 4) return key
  const parity = (key[UNCOMPRESSED_BYTES - 1] ?? 0) & 1
  if (prefix !== 6 + parity) return undefined
  const plain = key.slice()
  plain[0] = 4
  return plain
}
