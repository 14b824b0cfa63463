import type { Ecdsa } from '../ecdsa.ts'
import { nativeEcdsa } from '../ecdsa-native.ts'
import { nobleEcdsa } from '../ecdsa-noble.ts'
import { loadSystemEcdsa } from '../ecdsa-system.ts'
import { loadWasmEcdsa } from '../ecdsa-wasm.ts'
import { SIGNATURE_BYTES } from '../sign.ts'
import type { Verify } from './wycheproof.ts'

/** Every library that can check signatures here, by the name of its sort; undefined where this machine has none of it. */
export const ECDSA_BACKENDS: Readonly<Record<'noble' | 'native' | 'wasm' | 'system', Ecdsa | undefined>> = {
  noble: nobleEcdsa,
  native: nativeEcdsa,
  wasm: await loadWasmEcdsa(),
  system: await loadSystemEcdsa(nativeEcdsa ?? nobleEcdsa),
}

/** What to tell where there is none of a sort. */
export function whyMissing(sort: string): string {
  if (sort !== 'system') return `${sort} has no build for ${process.platform}-${process.arch}`
  return 'this machine has no libsecp256k1 of release 0.2.0 or later (Debian 12: apt-get install libsecp256k1-1)'
}

/** As `verify`, by a given library. */
export function verifyBy(ecdsa: Ecdsa): Verify {
  return (signature, digest, key, { lowS = true } = {}) =>
    signature.length === SIGNATURE_BYTES && ecdsa.verify(signature, digest, key, lowS)
}
