import { nativeEcdsa } from './ecdsa-native.ts'
import { nobleEcdsa } from './ecdsa-noble.ts'

/** Signatures by one library. Callers have judged every length; bytes of any content are at worst no signature. */
export interface Ecdsa {
  readonly name: 'libsecp256k1' | 'noble'
  /** @param publicKey 33 bytes, or 65 in the uncompressed or hybrid form */
  verify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array, lowS: boolean): boolean
  /** RFC 6979, low-S: 64 bytes, the same from every library. `privateKey` is a scalar from 1 to n − 1. */
  sign(digest: Uint8Array, privateKey: Uint8Array): Uint8Array
  /** The compressed form of k·G, `privateKey` being a scalar from 1 to n − 1. */
  publicKeyOf(privateKey: Uint8Array): Uint8Array
  /** Whether 33 bytes are a point. */
  isPublicKey(key: Uint8Array): boolean
}

/** libsecp256k1 where its build for this machine loads and answers right, else JavaScript, 25 times slower. */
export const ecdsa: Ecdsa = nativeEcdsa ?? nobleEcdsa

/** The library that checks signatures in this process: a service that checks many says so at its start. */
export const ecdsaBackend: Ecdsa['name'] = ecdsa.name
