import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { CodecError } from '../codec-error.ts'

const DISPLAY_HASH = /^[0-9a-fA-F]{64}$/

/** Hash as people see it: hex, in reversed order (protocol: Conventions). For txid and block hash only. */
export function displayHash(hash: Uint8Array): string {
  return bytesToHex(hash.toReversed())
}

/** Internal order of a hash that a person gave. @throws CodecError BAD_HEX unless it is 64 hex digits */
export function parseDisplayHash(text: string): Uint8Array {
  if (!DISPLAY_HASH.test(text)) throw new CodecError('BAD_HEX', 'Not a hash: expected 64 hexadecimal digits.')
  return hexToBytes(text).toReversed()
}
