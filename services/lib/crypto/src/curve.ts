import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToBigInt } from './bytes.ts'
import { CryptoError } from './crypto-error.ts'

/** The one place that names the curve's library. */
export const curve = secp256k1
export const Point = secp256k1.Point
export type CurvePoint = InstanceType<typeof Point>

/** Order n of the group. */
export const ORDER: bigint = Point.CURVE().n

export const PRIVATE_KEY_BYTES = 32
export const PUBLIC_KEY_BYTES = 33

/** A point other than identity in compressed form. @throws CryptoError BAD_PUBLIC_KEY */
export function pointFromCompressed(bytes: Uint8Array): CurvePoint {
  if (bytes.length !== PUBLIC_KEY_BYTES) {
    throw new CryptoError('BAD_PUBLIC_KEY', `A public key has ${PUBLIC_KEY_BYTES} bytes, not ${bytes.length}.`)
  }
  try {
    return Point.fromBytes(bytes)
  } catch (cause) {
    throw new CryptoError('BAD_PUBLIC_KEY', 'Not a compressed point of secp256k1.', { cause })
  }
}

/** A scalar from 1 to n − 1, big-endian. @throws CryptoError BAD_PRIVATE_KEY */
export function scalarFromBytes(bytes: Uint8Array): bigint {
  const scalar = bytes.length === PRIVATE_KEY_BYTES ? bytesToBigInt(bytes) : 0n
  if (scalar === 0n || scalar >= ORDER) {
    throw new CryptoError('BAD_PRIVATE_KEY', 'A private key is 32 bytes between 1 and the order of the curve less 1.')
  }
  return scalar
}
