import { randomBytes } from 'node:crypto'
import type { Bindings } from 'secp256k1/bindings.js'
import { bigIntToBytes32, compareBytes, equalBytes, hexToBytes } from './bytes.ts'
import { ORDER } from './curve.ts'
import type { Ecdsa } from './ecdsa.ts'
import { nobleEcdsa } from './ecdsa-noble.ts'

const ORDER_BYTES = bigIntToBytes32(ORDER)

/** RFC 6979 with the secret 1 over SHA-256 of "Satoshi Nakamoto". */
const KNOWN = {
  digest: hexToBytes('a0dc65ffca799873cbea0ac274015b9526505daaaed385155425f7337704883e'),
  key: hexToBytes('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'),
  signature: hexToBytes(
    '934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5',
  ),
}

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

/** A broken build must be found out before it judges a block: by a vector written down, for making one takes 40 ms. */
function answersRight(native: Ecdsa): boolean {
  const secret = bigIntToBytes32(1n)
  const altered = KNOWN.signature.with(63, (KNOWN.signature[63] ?? 0) ^ 1)
  return (
    equalBytes(native.publicKeyOf(secret), KNOWN.key) &&
    equalBytes(native.sign(KNOWN.digest, secret), KNOWN.signature) &&
    native.isPublicKey(KNOWN.key) &&
    native.verify(KNOWN.signature, KNOWN.digest, KNOWN.key, true) &&
    !native.verify(altered, KNOWN.digest, KNOWN.key, true)
  )
}
