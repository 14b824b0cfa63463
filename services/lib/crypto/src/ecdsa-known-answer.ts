import { bigIntToBytes32, bytesToBigInt, concatBytes, equalBytes, hexToBytes } from './bytes.ts'
import { ORDER } from './curve.ts'
import type { Ecdsa } from './ecdsa.ts'

/** RFC 6979 with the secret 1 over SHA-256 of "Satoshi Nakamoto". */
const KNOWN = {
  digest: hexToBytes('a0dc65ffca799873cbea0ac274015b9526505daaaed385155425f7337704883e'),
  key: hexToBytes('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'),
  signature: hexToBytes(
    '934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5',
  ),
}
const R = KNOWN.signature.subarray(0, 32)
const S = KNOWN.signature.subarray(32)
/** y of the key, which is even. */
const Y = hexToBytes('483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8')
/** The key of the secret 2. */
const OTHER_KEY = hexToBytes('02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5')
/** No point has this x. */
const NO_KEY = concatBytes(Uint8Array.of(2), bigIntToBytes32(5n))
const TWIN = bigIntToBytes32(ORDER - bytesToBigInt(S))
const ZERO = bigIntToBytes32(0n)
const OVER = bigIntToBytes32(ORDER)

/** A broken build must be found out before it judges a block: by a vector written down, for making one takes 40 ms. */
export function answersRight(library: Ecdsa): boolean {
  const secret = bigIntToBytes32(1n)
  return (
    equalBytes(library.publicKeyOf(secret), KNOWN.key) &&
    equalBytes(library.sign(KNOWN.digest, secret), KNOWN.signature) &&
    library.isPublicKey(KNOWN.key) &&
    !library.isPublicKey(NO_KEY) &&
    judgesRight(library)
  )
}

/** Under every form of the key, and neither more nor less than it should. */
function judgesRight(library: Ecdsa): boolean {
  const { digest, key, signature } = KNOWN
  const form = (first: number) => concatBytes(Uint8Array.of(first), key.subarray(1), Y)
  const byKey = (of: Uint8Array) => library.verify(signature, digest, of, false)
  const overDigest = (of: Uint8Array) => library.verify(signature, of, key, false)
  const holds = (signed: Uint8Array, lowS: boolean) => library.verify(signed, digest, key, lowS)
  const twin = concatBytes(R, TWIN)
  const out = [concatBytes(ZERO, S), concatBytes(R, ZERO), concatBytes(OVER, S), concatBytes(R, OVER)]
  const bad = [flipped(signature, 0), flipped(signature, 63), concatBytes(S, R), new Uint8Array(64), ...out]
  return (
    holds(signature, true) &&
    holds(twin, false) &&
    !holds(twin, true) &&
    !bad.some((one) => holds(one, false)) &&
    [key, form(4), form(6)].every(byKey) &&
    ![OTHER_KEY, NO_KEY, flipped(key, 0), form(7), form(5)].some(byKey) &&
    ![flipped(digest, 0), flipped(digest, 31)].some(overDigest)
  )
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, (bytes[at] ?? 0) ^ 1)
}
