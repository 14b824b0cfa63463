import { randomBytes } from 'node:crypto'
import type { Secp256k1 } from '@bitauth/libauth'
import { bigIntToBytes32, compareBytes } from './bytes.ts'
import { ORDER } from './curve.ts'
import type { Ecdsa } from './ecdsa.ts'
import { answersRight } from './ecdsa-known-answer.ts'
import { nobleEcdsa } from './ecdsa-noble.ts'

const ORDER_BYTES = bigIntToBytes32(ORDER)

/** libsecp256k1 in WebAssembly, a third as fast as a native build and on every machine; undefined where it does not load or answers wrongly. */
export async function loadWasmEcdsa(): Promise<Ecdsa | undefined> {
  try {
    const { instantiateSecp256k1 } = await import('@bitauth/libauth')
    // Blinds what the processor gives away while it signs.
    const wasm = over(await instantiateSecp256k1(new Uint8Array(randomBytes(32))))
    return answersRight(wasm) ? wasm : undefined
  } catch {
    return undefined
  }
}

function over(library: Secp256k1): Ecdsa {
  return {
    name: 'libsecp256k1-wasm',
    verify: (signature, digest, publicKey, lowS) =>
      lowS
        ? library.verifySignatureCompactLowS(signature, publicKey, digest)
        : library.verifySignatureCompact(signature, publicKey, digest),
    sign(digest, privateKey) {
      // RFC 6979 takes the digest modulo n into the nonce, libsecp256k1 the digest as it is: the same below n.
      if (compareBytes(digest, ORDER_BYTES) >= 0) return nobleEcdsa.sign(digest, privateKey)
      return bytesOf(library.signMessageHashCompact(privateKey, digest))
    },
    publicKeyOf: (privateKey) => bytesOf(library.derivePublicKeyCompressed(privateKey)),
    isPublicKey: (key) => typeof library.compressPublicKey(key) !== 'string',
  }
}

/** It tells failures as text. Callers have judged every scalar, so there are none. */
function bytesOf(result: Uint8Array | string): Uint8Array {
  if (typeof result === 'string') throw new RangeError(result)
  return new Uint8Array(result)
}
