import { nativeEcdsa } from './ecdsa-native.ts'
import { nobleEcdsa } from './ecdsa-noble.ts'
import { loadWasmEcdsa } from './ecdsa-wasm.ts'

/** Signatures by one library. Callers have judged every length; bytes of any content are at worst no signature. */
export interface Ecdsa {
  readonly name: 'libsecp256k1' | 'libsecp256k1-wasm' | 'noble'
  /** @param publicKey 33 bytes, or 65 in the uncompressed or hybrid form */
  verify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array, lowS: boolean): boolean
  /** RFC 6979, low-S: 64 bytes, the same from every library. `privateKey` is a scalar from 1 to n − 1. */
  sign(digest: Uint8Array, privateKey: Uint8Array): Uint8Array
  /** The compressed form of k·G, `privateKey` being a scalar from 1 to n − 1. */
  publicKeyOf(privateKey: Uint8Array): Uint8Array
  /** Whether 33 bytes are a point. */
  isPublicKey(key: Uint8Array): boolean
}

/** What there is of the three, the fastest first: JavaScript is 25 times slower than a native build, WebAssembly 3 times. */
export async function fastestOf(
  native: Ecdsa | undefined,
  loadWasm: () => Promise<Ecdsa | undefined>,
  reference: Ecdsa,
): Promise<Ecdsa> {
  return native ?? (await loadWasm()) ?? reference
}

export const ecdsa: Ecdsa = await fastestOf(nativeEcdsa, loadWasmEcdsa, nobleEcdsa)

/** The library that checks signatures in this process: a service that checks many says so at its start. */
export const ecdsaBackend: Ecdsa['name'] = ecdsa.name
