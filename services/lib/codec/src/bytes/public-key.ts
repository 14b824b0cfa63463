import { isPublicKey, PUBLIC_KEY_BYTES } from '@camelid/crypto'
import { type ByteReader, malformed } from './byte-reader.ts'

/** The next 33 bytes, which must be a compressed point of the curve. @throws CodecError BAD_KEY */
export function readPublicKey(reader: ByteReader): Uint8Array {
  const key = reader.bytes(PUBLIC_KEY_BYTES)
  assertPublicKey(key, 'The key of a statement')
  return key
}

/** @throws CodecError BAD_KEY */
export function assertPublicKey(key: Uint8Array, what: string): void {
  if (!isPublicKey(key)) throw malformed('BAD_KEY', `${what} is not a compressed point of secp256k1.`)
}
