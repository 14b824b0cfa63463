import type { Ecdsa } from '../ecdsa.ts'
import { nativeEcdsa } from '../ecdsa-native.ts'
import { nobleEcdsa } from '../ecdsa-noble.ts'
import { loadWasmEcdsa } from '../ecdsa-wasm.ts'
import { SIGNATURE_BYTES } from '../sign.ts'
import type { Verify } from './wycheproof.ts'

/** Every library that can check signatures here, by the name of its sort; undefined where this machine has no build of it. */
export const ECDSA_BACKENDS: Readonly<Record<'noble' | 'native' | 'wasm', Ecdsa | undefined>> = {
  noble: nobleEcdsa,
  native: nativeEcdsa,
  wasm: await loadWasmEcdsa(),
}

/** As `verify`, by a given library. */
export function verifyBy(ecdsa: Ecdsa): Verify {
  return (signature, digest, key, { lowS = true } = {}) =>
    signature.length === SIGNATURE_BYTES && ecdsa.verify(signature, digest, key, lowS)
}
