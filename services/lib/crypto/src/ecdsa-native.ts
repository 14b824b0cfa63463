import { randomBytes } from 'node:crypto'
import type { Bindings } from 'secp256k1/bindings.js'
import { bigIntToBytes32, compareBytes } from './bytes.ts'
import { ORDER } from './curve.ts'
import type { Ecdsa } from './ecdsa.ts'
import { answersRight } from './ecdsa-known-answer.ts'
import { nobleEcdsa } from './ecdsa-noble.ts'

const ORDER_BYTES = bigIntToBytes32(ORDER)

/** libsecp256k1; undefined where the package has no build for this machine. */
export const nativeEcdsa: Ecdsa | undefined = await load()

/** The bindings alone: the package's own entry would quietly load a slow library in their place. */
async function load(): Promise<Ecdsa | undefined> {
  try {
    const { default: bindings } = await import('secp256k1/bindings.js')
    // Blinds what the processor gives away while it signs.
    bindings.contextRandomize(new Uint8Array(randomBytes(32)))
    const native = over(bindings)
    return answersRight(native) ? native : undefined
  } catch {
    return undefined
  }
}

function over(bindings: Bindings): Ecdsa {
  return {
    name: 'libsecp256k1',
    verify(signature, digest, publicKey, lowS) {
      try {
        // It knows low-S alone. The twin of a high s is made in place, so in a copy.
        const judged = lowS ? signature : bindings.signatureNormalize(signature.slice())
        return bindings.ecdsaVerify(judged, digest, publicKey)
      } catch {
        return false
      }
    },
    sign(digest, privateKey) {
      // RFC 6979 takes the digest modulo n into the nonce, libsecp256k1 the digest as it is: the same below n.
      if (compareBytes(digest, ORDER_BYTES) >= 0) return nobleEcdsa.sign(digest, privateKey)
      return bindings.ecdsaSign(digest, privateKey).signature
    },
    publicKeyOf: (privateKey) => bindings.publicKeyCreate(privateKey),
    isPublicKey: (key) => bindings.publicKeyVerify(key),
  }
}
