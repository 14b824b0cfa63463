import { bigIntToBytes32, equalBytes, hexToBytes } from './bytes.ts'
import type { Ecdsa } from './ecdsa.ts'

/** RFC 6979 with the secret 1 over SHA-256 of "Satoshi Nakamoto". */
const KNOWN = {
  digest: hexToBytes('a0dc65ffca799873cbea0ac274015b9526505daaaed385155425f7337704883e'),
  key: hexToBytes('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'),
  signature: hexToBytes(
    '934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5',
  ),
}

/** A broken build must be found out before it judges a block: by a vector written down, for making one takes 40 ms. */
export function answersRight(library: Ecdsa): boolean {
  const secret = bigIntToBytes32(1n)
  const altered = KNOWN.signature.with(63, (KNOWN.signature[63] ?? 0) ^ 1)
  return (
    equalBytes(library.publicKeyOf(secret), KNOWN.key) &&
    equalBytes(library.sign(KNOWN.digest, secret), KNOWN.signature) &&
    library.isPublicKey(KNOWN.key) &&
    library.verify(KNOWN.signature, KNOWN.digest, KNOWN.key, true) &&
    !library.verify(altered, KNOWN.digest, KNOWN.key, true)
  )
}
