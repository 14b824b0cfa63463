import { CryptoError } from './crypto-error.ts'

const NOT_A_HEX_DIGIT = /[^0-9a-fA-F]/

/** Lower-case hex of `bytes`, in the order they stand (not reversed). */
export function bytesToHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** @throws CryptoError BAD_HEX unless `hex` is an even number of hex digits, of either case. */
export function hexToBytes(hex: string): Uint8Array {
  if (hex.length % 2 !== 0 || NOT_A_HEX_DIGIT.test(hex)) {
    throw new CryptoError('BAD_HEX', 'Not hexadecimal: expected pairs of the digits 0-9 and a-f and nothing else.')
  }
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const joined = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Compares public bytes; not constant-time, so never use it on secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0
}

/** Lexicographic order of unsigned bytes, a prefix before what it begins: negative, zero or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b)
}

/** UTF-8 of `text` as it is given, never normalised (protocol: Conventions).
 *  @throws CryptoError BAD_UTF8 where `text` holds half a surrogate pair, which has no UTF-8. */
export function utf8(text: string): Uint8Array {
  if (!text.isWellFormed()) {
    throw new CryptoError('BAD_UTF8', 'Text holds half of a surrogate pair, which UTF-8 cannot express.')
  }
  return new TextEncoder().encode(text)
}

/** Strict: a byte order mark stays in the text, so that encoding again gives the same bytes.
 *  @throws CryptoError BAD_UTF8 */
export function utf8Decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new CryptoError('BAD_UTF8', 'Text is not valid UTF-8.', { cause })
  }
}

/** Big-endian unsigned integer of any length, as curve scalars and SHA-256 draws are read. */
export function bytesToBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytesToHex(bytes)}`)
}

/** Big-endian, left-padded to 32 bytes. @throws CryptoError BAD_LENGTH outside 0…2^256−1. */
export function bigIntToBytes32(value: bigint): Uint8Array {
  if (value < 0n || value >= 1n << 256n) {
    throw new CryptoError('BAD_LENGTH', 'The integer does not fit into 32 bytes.')
  }
  return hexToBytes(value.toString(16).padStart(64, '0'))
}
