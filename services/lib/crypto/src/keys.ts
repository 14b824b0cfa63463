import { curve, PUBLIC_KEY_BYTES, scalarFromBytes } from './curve.ts'
import { ecdsa } from './ecdsa.ts'

/** 32 random bytes that are a valid secret; `seed`, at least 48 bytes, makes it repeatable in tests. */
export function generatePrivateKey(seed?: Uint8Array): Uint8Array {
  return curve.utils.randomSecretKey(seed)
}

/** The compressed public key, 33 bytes. @throws CryptoError BAD_PRIVATE_KEY */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  scalarFromBytes(privateKey)
  return ecdsa.publicKeyOf(privateKey)
}

/** Whether `bytes` are a point of the curve in compressed form. */
export function isPublicKey(bytes: Uint8Array): boolean {
  return bytes.length === PUBLIC_KEY_BYTES && ecdsa.isPublicKey(bytes)
}

/** Whether `bytes` are 32 bytes between 1 and n − 1. */
export function isPrivateKey(bytes: Uint8Array): boolean {
  return curve.utils.isValidSecretKey(bytes)
}
