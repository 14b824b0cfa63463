import { hash as digestOnce } from 'node:crypto'
import { hkdf as nobleHkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { ripemd160 as nobleRipemd160 } from '@noble/hashes/legacy.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from './bytes.ts'

export function sha256(bytes: Uint8Array): Uint8Array {
  // A plain array, not the Buffer that node answers with: callers compare and spread it.
  return new Uint8Array(digestOnce('sha256', bytes, 'buffer'))
}

/** SHA-256 twice (protocol: Conventions). */
export function sha256d(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(digestOnce('sha256', digestOnce('sha256', bytes, 'buffer'), 'buffer'))
}

/** Not node's: builds of OpenSSL without the legacy digests have no RIPEMD-160. */
export function ripemd160(bytes: Uint8Array): Uint8Array {
  return nobleRipemd160(bytes)
}

/** RIPEMD-160(SHA-256(bytes)), 20 bytes: h2 of a key (protocol: Keys, addresses). */
export function hash160(bytes: Uint8Array): Uint8Array {
  return ripemd160(sha256(bytes))
}

/** HMAC-SHA-256 of the parts, one after another. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return hmac(nobleSha256, key, concatBytes(...parts))
}

/** HKDF with SHA-256 (RFC 5869), `length` at most 255 · 32 bytes. */
export function hkdf(inputs: { secret: Uint8Array; salt: Uint8Array; info: Uint8Array; length: number }): Uint8Array {
  return nobleHkdf(nobleSha256, inputs.secret, inputs.salt, inputs.info, inputs.length)
}
