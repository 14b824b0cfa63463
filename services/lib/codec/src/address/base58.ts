import { concatBytes, equalBytes, sha256d } from '@camelid/crypto'
import bs58 from 'bs58'
import { CodecError } from '../codec-error.ts'

const CHECKSUM_BYTES = 4
// Decoding takes time by the square of the length; the longest public vector has some 350 characters.
const MAX_CHARACTERS = 512

export function base58Encode(bytes: Uint8Array): string {
  return bs58.encode(bytes)
}

/** @throws CodecError BAD_BASE58 for a character outside the alphabet or more than 512 of them */
export function base58Decode(text: string): Uint8Array {
  if (text.length > MAX_CHARACTERS) {
    throw new CodecError('BAD_BASE58', `Base58 text of more than ${MAX_CHARACTERS} characters is not read.`)
  }
  const bytes = bs58.decodeUnsafe(text)
  if (bytes === undefined) {
    throw new CodecError('BAD_BASE58', 'Not base58: letters and digits only, without 0 (zero), O, I and l.')
  }
  return new Uint8Array(bytes)
}

/** base58(payload ‖ first 4 bytes of SHA-256d(payload)). */
export function base58CheckEncode(payload: Uint8Array): string {
  return base58Encode(concatBytes(payload, sha256d(payload).subarray(0, CHECKSUM_BYTES)))
}

/** The payload without its checksum. @throws CodecError BAD_BASE58 */
export function base58CheckDecode(text: string): Uint8Array {
  const bytes = base58Decode(text)
  if (bytes.length < CHECKSUM_BYTES) throw new CodecError('BAD_BASE58', 'Too short to carry a checksum.')
  const payload = bytes.slice(0, -CHECKSUM_BYTES)
  if (!equalBytes(sha256d(payload).subarray(0, CHECKSUM_BYTES), bytes.subarray(-CHECKSUM_BYTES))) {
    throw new CodecError('BAD_BASE58', 'The checksum does not match: a character was mistyped or is missing.')
  }
  return payload
}
