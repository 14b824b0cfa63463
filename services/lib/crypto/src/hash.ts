import { hash as digestOnce, getHashes } from 'node:crypto'
import { hkdf as nobleHkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { ripemd160 as nobleRipemd160 } from '@noble/hashes/legacy.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from './bytes.ts'

const SHA256_BYTES = 32
const RIPEMD160_BYTES = 20
/** The first of two hashes, on its way into the second. */
const between = new Uint8Array(SHA256_BYTES)

export function sha256(bytes: Uint8Array): Uint8Array {
  return digestInto('sha256', bytes, new Uint8Array(SHA256_BYTES))
}

/** SHA-256 twice (protocol: Conventions). */
export function sha256d(bytes: Uint8Array): Uint8Array {
  return digestInto('sha256', digestInto('sha256', bytes, between), new Uint8Array(SHA256_BYTES))
}

/** Asks for a string of one character a byte: node makes it three times as fast as a Buffer, which costs more than the hash. */
function digestInto(algorithm: string, bytes: Uint8Array, digest: Uint8Array): Uint8Array {
  const characters = digestOnce(algorithm, bytes, 'binary')
  for (let i = 0; i < digest.length; i++) digest[i] = characters.charCodeAt(i)
  return digest
}

/** Builds of OpenSSL without the legacy digests have no RIPEMD-160. */
const hasRipemd160 = getHashes().includes('ripemd160')

export function ripemd160(bytes: Uint8Array): Uint8Array {
  return hasRipemd160 ? digestInto('ripemd160', bytes, new Uint8Array(RIPEMD160_BYTES)) : nobleRipemd160(bytes)
}

/** RIPEMD-160(SHA-256(bytes)), 20 bytes: h2 of a key (protocol: Keys, addresses). */
export function hash160(bytes: Uint8Array): Uint8Array {
  return ripemd160(digestInto('sha256', bytes, between))
}

/** HMAC-SHA-256 of the parts, one after another. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  return hmac(nobleSha256, key, concatBytes(...parts))
}

/** HKDF with SHA-256 (RFC 5869), `length` at most 255 · 32 bytes. */
export function hkdf(inputs: { secret: Uint8Array; salt: Uint8Array; info: Uint8Array; length: number }): Uint8Array {
  return nobleHkdf(nobleSha256, inputs.secret, inputs.salt, inputs.info, inputs.length)
}
