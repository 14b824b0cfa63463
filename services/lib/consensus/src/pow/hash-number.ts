import { bytesToHex } from '@camelid/crypto'

/** A 32-byte hash as the number that is compared with a target: internal byte order is little-endian. */
export function hashToNumber(hash: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(hash.toReversed())}`)
}
