import { nativeEcdsa } from './ecdsa-native.ts'
import { nobleEcdsa } from './ecdsa-noble.ts'
import { loadSystemEcdsa } from './ecdsa-system.ts'
import { loadWasmEcdsa } from './ecdsa-wasm.ts'

/** Signatures by one library. Callers have judged every length; bytes of any content are at worst no signature. */
export interface Ecdsa {
  readonly name: 'libsecp256k1-system' | 'libsecp256k1' | 'libsecp256k1-wasm' | 'noble'
  /** @param publicKey 33 bytes, or 65 in the uncompressed or hybrid form */
  verify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array, lowS: boolean): boolean
  /** RFC 6979, low-S: 64 bytes, the same from every library. `privateKey` is a scalar from 1 to n − 1. */
  sign(digest: Uint8Array, privateKey: Uint8Array): Uint8Array
  /** The compressed form of k·G, `privateKey` being a scalar from 1 to n − 1. */
  publicKeyOf(privateKey: Uint8Array): Uint8Array
  /** Whether 33 bytes are a point. */
  isPublicKey(key: Uint8Array): boolean
}

export interface EcdsaSources {
  readonly native: Ecdsa | undefined
  readonly reference: Ecdsa
  readonly loadWasm: () => Promise<Ecdsa | undefined>
  /** What checks signatures by the library of this machine, and does the rest by `signer`. */
  readonly loadSystem: (signer: Ecdsa) => Promise<Ecdsa | undefined>
}

/**
 * What there is of the four, the fastest first: the library of the machine checks in four fifths of the time of the build we bring,
 * WebAssembly takes 3 times as long, JavaScript 25 times.
 */
export async function fastestOf({ native, reference, loadWasm, loadSystem }: EcdsaSources): Promise<Ecdsa> {
  const ours = native ?? (await loadWasm()) ?? reference
  return (await loadSystem(ours)) ?? ours
}

export const ecdsa: Ecdsa = await fastestOf({
  native: nativeEcdsa,
  reference: nobleEcdsa,
  loadWasm: loadWasmEcdsa,
  loadSystem: loadSystemEcdsa,
})

/** The library that checks signatures in this process: a service that checks many says so at its start. */
export const ecdsaBackend: Ecdsa['name'] = ecdsa.name
